using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>Validation of createTransfer, which happens before the server reads any source.</summary>
public sealed class TransfersTests(TransfersTests.SharedServer shared) : IClassFixture<TransfersTests.SharedServer>, IAsyncLifetime
{
    private const string Path = "/v1.1/tasks/transfers";

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["VideoUnderstanding:Transfers:MaxElements"] = "3",
        ["VideoUnderstanding:Transfers:MaxFileBytes"] = "2000",
        ["VideoUnderstanding:Languages"] = "en,de",
        ["VideoUnderstanding:Transfers:FileRoot"] = "/srv/shared",
        ["VideoUnderstanding:Transfers:Integrations:harbour:Buckets:0"] = "harbour-*",
    };

    private readonly TestServer _server = shared.Server;
    private readonly HttpClient _client = shared.Server.CreateClient();
    private VideoIndex _index = null!;

    public async ValueTask InitializeAsync() => _index = await _server.AddIndexAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("/v1.1/tasks/transfers")]
    [InlineData("/v1.1/tasks/transfers/")]
    [InlineData("/p/v1.1/tasks/transfers")]
    [InlineData("/v1.1/indexes/tasks/transfers")]
    [InlineData("/v1.1/indexes/tasks/transfer/")]
    public async Task Elements_become_queued_tasks_on_every_path(string path)
    {
        using var form = Form(
            Json(Element("s3://harbour-raw/2023/pier-01.mp4", "s3://harbour-raw/2023/pier-01.vtt"),
                Element("s3://harbour-raw/2023/pier%2002.mp4", "")));
        await _client.PostAsync(path, form).EmptyAsync(HttpStatusCode.NoContent);

        await using var db = _server.Database.Open();
        var tasks = await db.Tasks.Where(task => task.IndexId == _index.Id).OrderBy(task => task.Filename).ToListAsync();
        Assert.Equal(["pier 02.mp4", "pier-01.mp4"], tasks.Select(task => task.Filename));
        Assert.Equal([(false, null), (true, "s3://harbour-raw/2023/pier-01.vtt")],
            tasks.Select(task => (task.ProvidesTranscription, task.TranscriptionUrl)));
        Assert.All(tasks, task => Assert.Equal((TaskState.Validating, _index.Id, "en"), (task.State, task.IndexId, task.Language)));
        Assert.Equal(tasks.Select(task => task.VideoId).Order(),
            await db.Videos.Where(video => video.IndexId == _index.Id).Select(video => video.Id).OrderBy(id => id).ToListAsync());
        Assert.All(tasks, task => Assert.Equal((null, null), (task.AttemptToken, task.RetryAt)));
    }

    [Fact]
    public async Task A_task_has_the_language_of_the_request()
    {
        var german = Element("s3://harbour-raw/a.mp4");
        german["language"] = "DE";
        using var transfer = Form(Json(german));
        await _client.PostAsync(Path, transfer).EmptyAsync(HttpStatusCode.NoContent);
        using var order = new MultipartFormDataContent
        {
            { new StringContent(_index.Id), "index_id" }, { new StringContent("de"), "language" },
            { new StringContent("https://example.org/b.mp4"), "video_url" },
        };
        await _client.PostAsync("/v1.1/tasks", order).JsonAsync(HttpStatusCode.Created);

        await using var db = _server.Database.Open();
        Assert.Equal(["de", "de"], await db.Tasks.Where(task => task.IndexId == _index.Id).Select(task => task.Language).ToListAsync());
    }

    [Theory]
    [InlineData("application/json", null)]
    [InlineData("multipart/form-data", "transfer.json")]
    [InlineData("multipart/form-data; boundary=other", null)]
    [InlineData("no type at all", "transfer.txt")]
    [InlineData(null, null)]
    public async Task The_part_may_have_any_content_type_and_no_file_name(string? type, string? filename)
    {
        const string Boundary = "----limit";
        var head =
            $"--{Boundary}\r\nContent-Disposition: form-data; "
                + $"name=\"file\"{(filename is null ? "" : $"; filename=\"{filename}\"")}\r\n{(type is null ? ""
                    : $"Content-Type: {type}\r\n")}\r\n";
        using var body = new StringContent($"{head}{Json(Element("s3://harbour-raw/a.mp4"))}\r\n--{Boundary}--\r\n");
        body.Headers.ContentType = MediaTypeHeaderValue.Parse($"multipart/form-data; boundary={Boundary}");
        await _client.PostAsync(Path, body).EmptyAsync(HttpStatusCode.NoContent);
        await using var db = _server.Database.Open();
        Assert.Equal(1, await db.Tasks.CountAsync(task => task.IndexId == _index.Id));
    }

    [Theory]
    [InlineData("object", "https://example.org/a.mp4", "starts with s3:// or file://")]
    [InlineData("object", "s3://harbour-raw", "no key")]
    [InlineData("object", "s3://harbour-raw/../other/a.mp4", ". or ..")]
    [InlineData("object", "s3://other/a.mp4", "No integration of this server reads the bucket other.")]
    [InlineData("object", "file:///srv/shared/../a.mp4", "below the folder")]
    [InlineData("object", "file:///srv/sharedness/a.mp4", "below the folder")]
    [InlineData("transcription", "pier.vtt", "starts with s3:// or file://")]
    [InlineData("transcription", "s3://other/a.vtt", "No integration")]
    [InlineData("language", "fr", "must be en or de")]
    [InlineData("index_id", "7", "24 hexadecimal digits")]
    public async Task One_wrong_element_refuses_the_whole_file(string member, string value, string part)
    {
        var wrong = Element("s3://harbour-raw/b.mp4");
        wrong[member] = value;
        var message = await RefusedAsync(HttpStatusCode.BadRequest, "parameter_invalid",
            Json(Element("s3://harbour-raw/a.mp4"), Element("file:///srv/shared/a.mp4"), wrong));
        Assert.StartsWith($"Element 3 of the file: The {member} parameter is invalid.", message, StringComparison.Ordinal);
        Assert.Contains(part, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_index_of_another_account_or_a_deleted_one_is_not_found()
    {
        var foreign = Element("s3://harbour-raw/b.mp4");
        foreign["index_id"] = (await _server.AddIndexAsync(accountId: await _server.AddAccountAsync())).Id;
        var json = Json(Element("s3://harbour-raw/a.mp4"), foreign);
        Assert.Contains($"Element 2 of the file: Resource with id {foreign["index_id"]}",
            await RefusedAsync(HttpStatusCode.NotFound, "resource_not_exist", json), StringComparison.Ordinal);

        await _client.DeleteAsync($"/v1.1/indexes/{_index.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await RefusedAsync(HttpStatusCode.NotFound, "resource_not_exist", Json(Element("s3://harbour-raw/a.mp4")));
    }

    [Fact]
    public async Task A_file_over_the_limits_is_refused()
    {
        var four = Json([.. Enumerable.Repeat(Element("s3://harbour-raw/a.mp4"), 4)]);
        Assert.Contains("1 to 3 elements, and has 4", await RefusedAsync(HttpStatusCode.BadRequest, "parameter_invalid", four),
            StringComparison.Ordinal);
        Assert.Contains("at most 2000 bytes",
            await RefusedAsync(HttpStatusCode.BadRequest, "parameter_invalid", new string(' ', 3_000_000)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_must_contain_exactly_one_file()
    {
        using var none = new MultipartFormDataContent { { new StringContent(""), "file" } };
        Assert.Contains("file", await _client.PostAsync(Path, none).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided"),
            StringComparison.Ordinal);
        using var unknown = new MultipartFormDataContent { { new StringContent("x"), "index_id" } };
        await _client.PostAsync(Path, unknown).ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown");
        using var twice = Form(Json(Element("s3://harbour-raw/a.mp4")));
        twice.Add(new StringContent("[]"), "file");
        Assert.Contains("more than once", await _client.PostAsync(Path, twice).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"),
            StringComparison.Ordinal);
        using var json = new StringContent(Json(Element("s3://harbour-raw/a.mp4")), Encoding.UTF8, "application/json");
        Assert.Contains("multipart/form-data",
            await _client.PostAsync(Path, json).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"), StringComparison.Ordinal);
        using var cut = new StringContent("--x\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n[");
        cut.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        await _client.PostAsync(Path, cut).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        await AssertNothingCreatedAsync();
    }

    [Fact]
    public async Task Without_settings_no_source_is_read()
    {
        await using var bare = await TestServer.StartAsync(_server.Template, new Dictionary<string, string?>());
        using var client = bare.CreateClient();
        var index = await bare.AddIndexAsync();
        foreach (var address in (string[])["s3://harbour-raw/a.mp4", "file:///srv/shared/a.mp4"])
        {
            using var form = Form(JsonSerializer.Serialize(new[] { new { index_id = index.Id, @object = address } }));
            Assert.Contains("Element 1 of the file: The object parameter",
                await client.PostAsync(Path, form).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_missing_model_refuses_the_file()
    {
        await using var withoutModel = await TestServer.StartAsync(_server.Template, Settings, ModelRole.Speech);
        using var client = withoutModel.CreateClient();
        var index = await withoutModel.AddIndexAsync();
        using var withoutTranscript = Form(
            JsonSerializer.Serialize(new[] { new { index_id = index.Id, @object = "s3://harbour-raw/a.mp4" } }));
        await client.PostAsync(Path, withoutTranscript).ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
        using var withTranscript = Form(
            JsonSerializer.Serialize(
                new[] { new { index_id = index.Id, @object = "s3://harbour-raw/a.mp4", transcription = "s3://harbour-raw/a.srt" } }));
        await client.PostAsync(Path, withTranscript).EmptyAsync(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_wrong_setting_stops_the_server_with_a_message()
    {
        var settings = new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Transfers:Integrations:office:Buckets:0"] = "raw",
            ["VideoUnderstanding:Transfers:Integrations:office:Endpoint"] = "store:9000",
        };
        var server = new TestServer(_server.Template, settings);
        await using (server)
        {
            var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => server.InitializeAsync().AsTask());
            Assert.Contains("Integrations:office: Endpoint: store:9000 is not an address", failure.Message, StringComparison.Ordinal);
        }
    }

    private async Task<string> RefusedAsync(HttpStatusCode status, string code, string json)
    {
        using var form = Form(json);
        var message = await _client.PostAsync(Path, form).ErrorAsync(status, code);
        await AssertNothingCreatedAsync();
        return message;
    }

    private async Task AssertNothingCreatedAsync()
    {
        await using var db = _server.Database.Open();
        Assert.False(await db.Tasks.AnyAsync(task => task.IndexId == _index.Id));
        Assert.False(await db.Videos.AnyAsync(video => video.IndexId == _index.Id));
    }

    private Dictionary<string, string?> Element(string address, string? transcription = null)
        => new() { ["index_id"] = _index.Id, ["language"] = "en", ["object"] = address, ["transcription"] = transcription };

    private static string Json(params Dictionary<string, string?>[] elements) => JsonSerializer.Serialize(elements);

    private static MultipartFormDataContent Form(string json) => new() { { new StringContent(json), "file", "transfer.json" } };

    /// <summary>One server with transfer settings for all tests of this class.</summary>
    public sealed class SharedServer(DatabaseTemplate template) : IAsyncLifetime
    {
        internal TestServer Server { get; } = new(template, Settings);

        public ValueTask InitializeAsync() => Server.InitializeAsync();

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }
}
