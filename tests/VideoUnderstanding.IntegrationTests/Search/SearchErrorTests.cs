using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Search requests that are refused.</summary>
public sealed class SearchErrorTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("""{}""", "parameter_not_provided", "query, index_id, search_options")]
    [InlineData("""{"query":null,"index_id":"INDEX","search_options":["visual"]}""", "parameter_not_provided", "query")]
    [InlineData("""{"query":5,"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "query")]
    [InlineData("""{"query":" ","index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "query")]
    [InlineData("""{"query":"red","index_id":"x","search_options":["visual"]}""", "parameter_invalid", "index_id")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":[]}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":[null]}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":"visual"}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["text_in_video"]}""", "search_option_not_supported",
        "visual, conversation")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["smell"]}""", "search_option_not_supported", "smell")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"conversation_option":"exact_match"}""",
        "search_option_combination_not_supported", "exact_match")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"conversation_option":"loud"}""", "parameter_invalid",
        "semantic, exact_match")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"operator":"xor"}""", "parameter_invalid", "operator")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"threshold":"mid"}""", "parameter_invalid",
        "high, medium, low, none")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"group_by":"index"}""", "parameter_invalid", "group_by")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"sort_option":"time"}""", "parameter_invalid",
        "sort_option")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"page_limit":51}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"page_limit":0}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":[]}""", "search_filter_invalid", "object")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"duration":{"gt":1}}}""",
        "search_filter_invalid", "gt")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"duration":"long"}}""", "search_filter_invalid",
        "duration")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"id":"v"}}""", "search_filter_invalid", "id")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"year":{}}}""", "search_filter_invalid", "year")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"year":[2020]}}""", "search_filter_invalid",
        "year")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"colour":"red"}""", "parameter_unknown", "colour")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_option":["visual"]}""", "parameter_unknown", "Did you mean search_options?")]
    [InlineData("""{"query":{"text":"red","search_option":["visual"]},"index_id":"INDEX"}""", "parameter_unknown",
        "Did you mean search_options?")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"page_limit":10.5}""", "parameter_invalid",
        "whole number")]
    [InlineData("""{"query":{"text":"red"},"index_id":"INDEX"}""", "parameter_not_provided", "query.search_options")]
    [InlineData("""{"query":{"$and":[{"text":"red"}],"$or":[]},"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid",
        "exactly one")]
    [InlineData("""{"query":{"$not":{"origin":{"text":"red"}}},"index_id":"INDEX","search_options":["visual"]}""", "parameter_not_provided",
        "query.$not.sub")]
    [InlineData("""{"query":{"text":"red","proximity":3},"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid",
        "query.proximity")]
    [InlineData("""{"query":{"$and":[{"text":"red"}],"adjacency_threshold":-1},"index_id":"INDEX","search_options":["visual"]}""",
        "parameter_invalid", "0 or more")]
    [InlineData("""{"query":{"$and":[{"text":"red","search_options":["logo"]}]},"index_id":"INDEX"}""", "search_option_not_supported",
        "logo")]
    public async Task The_error_of_an_invalid_request_contains_the_reason(string body, string code, string words)
    {
        var index = await Server.AddIndexAsync(options: ["visual", "conversation"]);
        using var client = Server.CreateClient();
        var message = await client.PostAsync("/v1.1/search", new StringContent(body.Replace("INDEX", index.Id)))
            .ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message);
    }

    [Theory]
    [InlineData("10.0", 10)]
    [InlineData("1e1", 10)]
    [InlineData("7", 7)]
    public async Task A_page_limit_may_be_written_in_any_form_of_a_whole_number(string written, int limit)
    {
        var index = await Server.AddIndexAsync(options: ["visual"]);
        using var client = Server.CreateClient();
        var body = $$"""{"query":"red","index_id":"{{index.Id}}","search_options":["visual"],"page_limit":{{written}}}""";
        var answer = await client.PostAsync("/v1.1/search", new StringContent(body)).JsonAsync();
        Assert.Equal(limit, answer.GetProperty("page_info").GetProperty("limit_per_page").GetInt32());
    }

    [Theory]
    [InlineData(ModelRole.VisualText, "visual")]
    [InlineData(ModelRole.Sound, "visual")]
    [InlineData(ModelRole.TextEmbedding, "conversation")]
    [InlineData(ModelRole.TextEmbedding, "text_in_video")]
    public async Task A_missing_model_is_reported_for_an_empty_index_too(ModelRole missing, string option)
    {
        await using var server = await TestServer.StartAsync(Server.Template, new Dictionary<string, string?>(), missing);
        var index = await server.AddIndexAsync(options: ["visual", "conversation", "text_in_video", "logo"]);
        using var client = server.CreateClient();
        Task<HttpResponseMessage> SearchAsync(params string[] options)
            => client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = options });

        await SearchAsync(option).ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
        await SearchAsync("logo", option).ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
        await SearchAsync("logo").JsonAsync();
        await client.PostAsJsonAsync("/v1.1/beta/search",
            new { query = new { text = "red", search_options = new[] { option } }, index_id = index.Id })
            .ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
        await client.PostAsJsonAsync("/v1.1/classify/bulk",
            new { index_id = index.Id, options = new[] { option }, labels = new[] { new { name = "a", prompts = new[] { "red" } } } })
            .ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_refused_with_the_limit()
    {
        using var client = Server.CreateClient();
        var message = await client.PostAsJsonAsync("/v1.1/search",
            new { query = new string('a', 2001), index_id = new string('a', 24), search_options = new[] { "visual" } })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("2000", message);
    }

    [Fact]
    public async Task Indexes_of_others_and_deleted_ones_are_not_found()
    {
        var foreign = await Server.AddIndexAsync(accountId: await Server.AddAccountAsync());
        var deleted = await Server.AddIndexAsync();
        await using (var db = Server.Database.Open())
            await db.Indexes.Where(row => row.Id == deleted.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(index => index.DeletedAt, Server.Clock.GetUtcNow()));
        using var client = Server.CreateClient();
        foreach (var id in new[] { foreign.Id, deleted.Id })
            await client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = id, search_options = new[] { "visual" } })
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task A_missing_model_is_reported_and_an_exact_search_needs_none()
    {
        await using var server = await TestServer.StartAsync(Server.Template, new Dictionary<string, string?>(), ModelRole.TextEmbedding);
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.AddTextAsync(video, TextSource.Speech, (1, 2, "berth four"));
        using var client = server.CreateClient();
        var request = (string way) => new
        {
            query = "berth four", index_id = index.Id, search_options = new[] { "conversation" }, conversation_option = way,
        };

        Assert.NotEmpty(await client.PostAsJsonAsync("/v1.1/search", request("semantic"))
            .ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable"));
        Assert.Single((await client.PostAsJsonAsync("/v1.1/search", request("transcription")).JsonAsync()).Data());
    }
}
