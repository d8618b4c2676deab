using System.IO.Compression;
using System.Net;
using System.Text;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>Request bodies with a Content-Encoding, and bodies in a character encoding other than UTF-8.</summary>
public sealed class CompressedBodyTests(TestServer server) : IClassFixture<TestServer>
{
    private const string Body = """{"engine_id":"marengo2"}""";

    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("GZip", "gzip")]
    [InlineData("x-gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("deflate", "zlib")]
    [InlineData("deflate", "raw")]
    [InlineData("identity", "")]
    [InlineData("identity, gzip", "gzip")]
    [InlineData("gzip, br", "gzip br")]
    public async Task A_compressed_body_is_read(string header, string passes)
    {
        var body = passes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(Encoding.UTF8.GetBytes(Body), Compress);
        var message = await PostAsync(header, body).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");
        Assert.Contains("index_options, index_name", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_body_with_a_Content_Encoding_is_read_as_empty()
        => await PostAsync("gzip", []).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("gzip, zstd")]
    [InlineData("gzip, gzip, gzip")]
    public async Task An_unsupported_encoding_is_answered_with_415_and_the_supported_encodings(string header)
    {
        using var response = await PostAsync(header, Compress(Encoding.UTF8.GetBytes(Body), "gzip"));
        Assert.Equal(["br", "deflate", "gzip"], response.Headers.GetValues("Accept-Encoding").SelectMany(line => line.Split(", ")));
        await Task.FromResult(response).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "parameter_invalid");
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_does_not_match_its_Content_Encoding_is_refused(string header)
    {
        var message = await PostAsync(header, Encoding.UTF8.GetBytes(Body)).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("Content-Encoding", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_truncated_compressed_body_is_refused()
    {
        var compressed = Compress(Encoding.UTF8.GetBytes(Body), "gzip");
        await PostAsync("gzip", compressed[..^12]).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, gzip", "gzip gzip")]
    public async Task A_small_body_that_decompresses_to_a_large_one_is_refused(string header, string passes)
    {
        var large = Encoding.UTF8.GetBytes($$"""{"index_name":"{{new string('a', 64 * 1024 * 1024)}}"}""");
        var bomb = passes.Split(' ').Aggregate(large, Compress);
        Assert.InRange(bomb.Length, 1, 1024 * 1024);
        var message = await PostAsync(header, bomb).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("too large", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compressed_form_is_answered_with_415()
    {
        using var form = new MultipartFormDataContent { { new StringContent("en"), "language" } };
        form.Headers.ContentEncoding.Add("gzip");
        await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "parameter_invalid");
        using var fields = new FormUrlEncodedContent([KeyValuePair.Create("language", "en")]);
        fields.Headers.ContentEncoding.Add("br");
        await _client.PostAsync("/v1.1/tasks", fields).ErrorAsync(HttpStatusCode.UnsupportedMediaType, "parameter_invalid");
    }

    [Theory]
    [InlineData("iso-8859-1")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public async Task A_body_that_is_not_UTF_8_is_refused_and_the_message_says_so(string encoding)
    {
        var body = Encoding.GetEncoding(encoding).GetBytes("""{"index_name":"Café"}""");
        var message = await PostAsync(null, body).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("UTF-8", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_of_a_form_that_is_not_UTF_8_is_refused_and_the_message_says_so()
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent([0x65, 0xE9, 0x6E]), "language" } };
        var message = await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("language", message, StringComparison.Ordinal);
        Assert.Contains("UTF-8", message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> PostAsync(string? contentEncoding, byte[] body)
    {
        var content = new ByteArrayContent(body);
        if (contentEncoding is not null)
            content.Headers.TryAddWithoutValidation("Content-Encoding", contentEncoding);
        return _client.PostAsync("/v1.1/indexes", content);
    }

    private static byte[] Compress(byte[] content, string format)
    {
        using var compressed = new MemoryStream();
        using (Stream stream = format switch
        {
            "gzip" => new GZipStream(compressed, CompressionLevel.Optimal),
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest),
            "zlib" => new ZLibStream(compressed, CompressionLevel.Optimal),
            _ => new DeflateStream(compressed, CompressionLevel.Optimal),
        })
            stream.Write(content);
        return compressed.ToArray();
    }
}
