using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Mcp;

/// <summary>The MCP tools, called over HTTP through an MCP client.</summary>
public sealed class McpToolsTests(SearchServer fixture, SampleClips clips) : IClassFixture<SearchServer>
{
    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("x-api-key", "")]
    [InlineData("Authorization", "Bearer ")]
    public async Task The_key_is_read_from_either_header_and_every_tool_has_a_description(string header, string prefix)
    {
        await using var assistant = await ConnectAsync(Server, prefix + Server.Key, header);

        var tools = await assistant.ListToolsAsync();

        Assert.Equal(
            ["describe_moment", "get_screen_text", "get_thumbnail", "get_transcript", "list_indexes", "list_videos", "search_videos"],
            tools.Select(tool => tool.Name).Order(StringComparer.Ordinal));
        Assert.All(tools, tool => Assert.All(tool.JsonSchema.GetProperty("properties").EnumerateObject(),
            argument => Assert.NotEmpty(argument.Value.GetProperty("description").GetString()!)));
        Assert.All(tools, tool => Assert.True(tool.ProtocolTool.Annotations?.ReadOnlyHint));
        Assert.Contains("list_indexes", assistant.ServerInstructions, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-api-key", "tlk_WRONG")]
    [InlineData("Authorization", "Bearer tlk_WRONG")]
    [InlineData("Authorization", "Basic dGxr")]
    [InlineData("X-Other", "nothing")]
    public async Task Without_a_valid_key_there_is_no_connection(string header, string value)
    {
        await Assert.ThrowsAnyAsync<Exception>(() => ConnectAsync(Server, value, header));

        using var anonymous = Server.CreateClient(withKey: false);
        anonymous.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        await anonymous.PostAsJsonAsync("/mcp", new { jsonrpc = "2.0", id = 1, method = "tools/list" })
            .ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_bearer_token_is_valid_for_the_tools_only()
    {
        using var client = Server.CreateClient(withKey: false);
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {Server.Key}");
        await client.GetAsync("/v1.1/indexes").ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task A_client_finds_the_index_then_a_moment_then_its_transcript()
    {
        await using var own = await StartAsync();
        var index = await own.AddIndexAsync("harbour");
        var (video, _) = await own.AddVideoAsync(index, filename: "tug.mp4");
        var (other, _) = await own.AddVideoAsync(index, filename: "other.mp4");
        await own.Database.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.95), (20, "green", 0.9));
        await own.Database.AddFramesAsync(other, (20, "green", 0.9), (5, "red", 0.93), (20, "green", 0.9));
        await own.AddTextAsync(video, TextSource.Speech, (1, 4, "The tug is leaving."), (21, 24, "Keep the line slack."));
        await own.AddTextAsync(video, TextSource.Screen, (21.2, 24.9, "BERTH 4"));
        await using var assistant = await ConnectAsync(own);

        var listed = Assert.Single((await CallAsync(assistant, "list_indexes")).GetProperty("entries").EnumerateArray());
        Assert.Equal((index.Id, "harbour", 2), (Text(listed, "index"), Text(listed, "name"), listed.GetProperty("video_count").GetInt32()));
        var videos = await CallAsync(assistant, "list_videos", ("index", index.Id));
        Assert.Equal(["other.mp4", "tug.mp4"], videos.GetProperty("entries").EnumerateArray().Select(entry => Text(entry, "name")));

        var found = await CallAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"), ("options", (string[])["visual"]),
            ("threshold", "high"));
        var hits = found.GetProperty("moments").EnumerateArray().ToList();
        Assert.Equal([video.Id, other.Id], hits.Select(hit => Text(hit, "video")));
        Assert.Equal(("tug.mp4", 20, 25, "high"), (Text(hits[0], "video_name"), hits[0].GetProperty("start").GetInt32(),
            hits[0].GetProperty("end").GetInt32(), Text(hits[0], "confidence")));
        var alone = await CallAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"), ("options", (string[])["visual"]),
            ("video", other.Id), ("limit", 1));
        Assert.Equal(other.Id, Text(Assert.Single(alone.GetProperty("moments").EnumerateArray()), "video"));

        var moment = await CallAsync(assistant, "describe_moment", ("video", video.Id), ("start", 20), ("end", 25));
        Assert.Equal(["Keep the line slack."], Words(moment.GetProperty("said")));
        Assert.Equal(["BERTH 4"], Words(moment.GetProperty("written")));
        Assert.False(moment.TryGetProperty("brands", out _));
        Assert.Equal(2, Words(await CallAsync(assistant, "get_transcript", ("video", video.Id))).Count());
        Assert.Equal(["BERTH 4"], Words(await CallAsync(assistant, "get_screen_text", ("video", video.Id))));
    }

    [Fact]
    public async Task A_long_transcript_is_read_in_parts()
    {
        var (_, video) = await VideoAsync();
        await Server.Database.AddTextAsync(video, TextSource.Speech,
            [.. Enumerable.Range(0, 450).Select(number => ((double)number, number + 0.5, $"word {number}"))]);
        await using var assistant = await ConnectAsync(Server);

        var words = new List<string>();
        double? start = 0;
        for (var parts = 1; start is not null; parts++)
        {
            Assert.InRange(parts, 1, 3);
            var part = await CallAsync(assistant, "get_transcript", ("video", video.Id), ("start", start));
            words.AddRange(Words(part));
            start = part.TryGetProperty("continue_at", out var next) ? next.GetDouble() : null;
        }

        Assert.Equal(Enumerable.Range(0, 450).Select(number => $"word {number}"), words);
    }

    [Fact]
    public async Task A_thumbnail_is_an_image()
    {
        var (_, video) = await VideoAsync(duration: 5);
        File.Copy(clips.Silent, Server.Files.VideoPath(video.Id));
        await using var assistant = await ConnectAsync(Server);

        var result = await assistant.CallToolAsync("get_thumbnail",
            new Dictionary<string, object?> { ["video"] = video.Id, ["time"] = 1.5 });

        var picture = Assert.IsType<ImageContentBlock>(result.Content[0]);
        Assert.Equal("image/jpeg", picture.MimeType);
        Assert.Equal([0xFF, 0xD8, 0xFF], picture.DecodedData[..3].ToArray());
        Assert.Equal("clip.mp4 at 1.5 s", Assert.IsType<TextContentBlock>(result.Content[1]).Text);
        Assert.Contains("from 0 to 5", await ErrorAsync(assistant, "get_thumbnail", ("video", video.Id), ("time", 6)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_of_another_account_are_not_found()
    {
        var index = await Server.AddIndexAsync(accountId: await Server.AddAccountAsync());
        var (video, _) = await Server.AddVideoAsync(index);
        await using var assistant = await ConnectAsync(Server);

        Assert.DoesNotContain(index.Id, (await CallAsync(assistant, "list_indexes")).GetRawText(), StringComparison.Ordinal);
        var noIndex = $"Resource with id {index.Id} does not exist in indexes.";
        Assert.Equal(noIndex, await ErrorAsync(assistant, "list_videos", ("index", index.Id)));
        Assert.Equal(noIndex, await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "red")));
        var noVideo = $"Resource with id {video.Id} does not exist in videos.";
        Assert.Equal(noVideo, await ErrorAsync(assistant, "get_transcript", ("video", video.Id)));
        Assert.Equal(noVideo, await ErrorAsync(assistant, "get_screen_text", ("video", video.Id)));
        Assert.Equal(noVideo, await ErrorAsync(assistant, "get_thumbnail", ("video", video.Id)));
        Assert.Equal(noVideo, await ErrorAsync(assistant, "describe_moment", ("video", video.Id), ("start", 0), ("end", 5)));
    }

    [Fact]
    public async Task Invalid_arguments_return_an_error_message()
    {
        var (index, video) = await VideoAsync();
        await using var assistant = await ConnectAsync(Server);

        Assert.Equal("The query parameter is required but was not provided.",
            await ErrorAsync(assistant, "search_videos", ("index", index.Id)));
        Assert.Equal("The treshold parameter is unknown. Did you mean threshold?",
            await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"), ("treshold", "low")));
        Assert.Contains("from 1 to 50", await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"), ("limit", 51)),
            StringComparison.Ordinal);
        Assert.Contains("sound is not supported",
            await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"), ("options", (string[])["sound"])),
            StringComparison.Ordinal);
        Assert.Contains("another type", await ErrorAsync(assistant, "list_indexes", ("page", "first")), StringComparison.Ordinal);
        Assert.Contains("24 hexadecimal digits", await ErrorAsync(assistant, "list_videos", ("index", "mine")), StringComparison.Ordinal);
        Assert.Contains("before start", await ErrorAsync(assistant, "get_transcript", ("video", video.Id), ("start", 5), ("end", 4)),
            StringComparison.Ordinal);
        Assert.Contains("U+0000", await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "a\0b")),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Searches_through_MCP_count_towards_the_rate_limit_of_the_API()
    {
        const string limits = "VideoUnderstanding:RateLimits:";
        await using var own = await StartAsync(new() { [$"{limits}CostlyPerMinute"] = "1", [$"{limits}CostlyBurst"] = "2" });
        var index = await own.AddIndexAsync();
        await using var assistant = await ConnectAsync(own);
        using var client = own.CreateClient();
        await CallAsync(assistant, "search_videos", ("index", index.Id), ("query", "red"));
        await client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = (string[])["visual"] })
            .JsonAsync();

        Assert.Contains("rate limit", await ErrorAsync(assistant, "search_videos", ("index", index.Id), ("query", "red")),
            StringComparison.Ordinal);
        await CallAsync(assistant, "list_indexes");
    }

    private Task<TestServer> StartAsync(Dictionary<string, string?>? settings = null) => TestServer.StartAsync(Server.Template,
        settings ?? [], fakes: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions
            .AddSingleton<VideoUnderstanding.Search.IQueryVectors, ColourVectors>(services));

    private async Task<(VideoIndex Index, Video Video)> VideoAsync(double duration = 500)
    {
        var index = await Server.AddIndexAsync();
        return (index, (await Server.AddVideoAsync(index, duration: duration)).Video);
    }

    private static Task<McpClient> ConnectAsync(TestServer server, string? secret = null, string header = "x-api-key")
        => McpClient.CreateAsync(new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(server.Address, "mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { [header] = secret ?? server.Key },
        }));

    private static async Task<JsonElement> CallAsync(McpClient assistant, string tool, params (string Name, object? Value)[] arguments)
    {
        var (isError, text) = await TextAsync(assistant, tool, arguments);
        Assert.False(isError, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static async Task<string> ErrorAsync(McpClient assistant, string tool, params (string Name, object? Value)[] arguments)
    {
        var (isError, text) = await TextAsync(assistant, tool, arguments);
        Assert.True(isError, text);
        return text;
    }

    private static async Task<(bool IsError, string Text)> TextAsync(
        McpClient assistant, string tool, (string Name, object? Value)[] arguments)
    {
        var result = await assistant.CallToolAsync(tool, arguments.ToDictionary(argument => argument.Name, argument => argument.Value));
        return (result.IsError == true, Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    private static IEnumerable<string> Words(JsonElement text)
        => text.GetProperty("segments").EnumerateArray().Select(segment => Text(segment, "value"));

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
