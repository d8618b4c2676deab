using System.Text;
using Microsoft.AspNetCore.Http;
using VideoUnderstanding.Server.Api.Classify;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.UnitTests.Api;

public sealed class JsonBodyTests
{
    [Fact]
    public void Members_are_read_in_snake_case_and_null_counts_as_missing()
    {
        var request = Read("""{"engine_id":"marengo2","index_options":["visual"],"index_name":null}""");
        Assert.Equal("marengo2", request.EngineId);
        Assert.Equal(["visual"], request.IndexOptions!);
        Assert.Null(request.IndexName);
        Assert.Null(request.Addons);
    }

    [Theory]
    [InlineData("""{"engineId":"marengo2"}""", "parameter_unknown", "engineId")]
    [InlineData("""{"Engine_Id":"marengo2"}""", "parameter_unknown", "Engine_Id")]
    [InlineData("""{"index_name":{}}""", "parameter_invalid", "index_name")]
    [InlineData("""{"addons":[{}]}""", "parameter_invalid", "addons[0]")]
    [InlineData("""{"index_name":"\udc00"}""", "parameter_invalid", "index_name")]
    [InlineData("""{"a\u0000":1}""", "parameter_invalid", "U+0000")]
    [InlineData("null", "parameter_invalid", "JSON object")]
    [InlineData("{}{}", "parameter_invalid", "not valid JSON")]
    [InlineData("\uFEFF{", "parameter_invalid", "not valid JSON")]
    public void The_error_of_an_invalid_body_contains_the_wrong_part(string body, string code, string words)
    {
        var error = Assert.Throws<ApiException>(() => Read(body)).Error;
        Assert.Equal((400, code), (error.Status, error.Code));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"labels":[{"name":"a","prompts":["b"]},{"name":"a","prompts":["b"],"colour":1}]}""", "parameter_unknown",
        "labels[1].colour")]
    [InlineData("""{"classes":[{"Name":"a"}]}""", "parameter_unknown", "classes[0].Name")]
    [InlineData("""{"labels":[{"name":"a","prompts":[{}]}]}""", "parameter_invalid", "labels[0].prompts[0]")]
    [InlineData("""{"labels":{"colour":1}}""", "parameter_invalid", "labels")]
    public void The_error_of_a_wrong_member_in_a_list_contains_its_path(string body, string code, string words)
    {
        using var document = JsonDocuments.Parse(Encoding.UTF8.GetBytes(body));
        var error = Assert.Throws<ApiException>(() => JsonBody<ClassifyBulkRequest>.Read(document.RootElement)).Error;
        Assert.Equal(code, error.Code);
        Assert.Contains($"The {words} parameter", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Binding must not parse the body. The handler parses it once and handles the error.</summary>
    [Fact]
    public async Task A_request_that_parses_itself_is_not_parsed_during_binding()
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream("""{"query":"red","index_id":"x"}"""u8.ToArray());
        var body = (await JsonBody<SearchRequest>.BindAsync(http))!.Value;
        Assert.Equal("parameter_not_provided", Assert.Throws<ApiException>(body.Read).Error.Code);
    }

    [Fact]
    public void A_body_with_unlimited_nesting_is_refused()
        => Assert.Throws<ApiException>(() => Read(new string('[', 100_000)));

    [Fact]
    public void A_byte_order_mark_and_an_empty_body_are_accepted()
    {
        Assert.Equal("a", Read("\uFEFF{\"index_name\":\"a\"}").IndexName);
        Assert.Null(Read(" \r\n").IndexName);
    }

    private static CreateIndexRequest Read(string body)
    {
        using var document = JsonDocuments.Parse(Encoding.UTF8.GetBytes(body));
        return JsonBody<CreateIndexRequest>.Read(document.RootElement);
    }
}
