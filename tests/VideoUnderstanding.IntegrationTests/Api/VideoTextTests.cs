using System.Net;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class VideoTextTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("", 3)]
    [InlineData("?start=0&end=10", 2)]
    [InlineData("?start=4.9", 2)]
    [InlineData("?end=1", 0)]
    [InlineData("?start=4&end=5.5", 2)]
    public async Task The_transcription_holds_the_segments_that_overlap_the_range(string query, int expected)
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.AddTextAsync(video, TextSource.Speech, (1.24, 4.8, "The tug is leaving."), (5.02, 8.66, "Keep the line slack."),
            (20, 22.5, "Stop."));

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/transcription{query}").JsonAsync();

        Assert.Equal(["id", "index_id", "data"], answer.Names());
        Assert.Equal(video.Id, answer.GetProperty("id").GetString());
        Assert.Equal(expected, answer.GetProperty("data").ValueKind == System.Text.Json.JsonValueKind.Null ? 0 : answer.Data().Length);
    }

    [Fact]
    public async Task Speech_has_fractions_and_screen_text_whole_seconds()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.AddTextAsync(video, TextSource.Speech, (1.24, 4.8, "The tug is leaving."));
        await server.AddTextAsync(video, TextSource.Screen, (40.2, 42.9, "BERTH 4"));
        var path = $"/v1.1/indexes/{index.Id}/videos/{video.Id}";

        Assert.Equal("""[{"start":1.24,"end":4.8,"value":"The tug is leaving."}]""",
            (await _client.GetAsync($"{path}/transcription").JsonAsync()).GetProperty("data").GetRawText());
        Assert.Equal("""[{"start":40,"end":43,"value":"BERTH 4"}]""",
            (await _client.GetAsync($"{path}/text-in-video").JsonAsync()).GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData(TaskState.Indexing)]
    [InlineData(TaskState.Ready)]
    public async Task Data_is_null_while_the_video_is_not_ready_and_when_nothing_was_found(TaskState state)
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index, state);
        if (state != TaskState.Ready)
            await server.AddTextAsync(video, TextSource.Speech, (0, 1, "too early"));

        foreach (var part in (string[])["transcription", "text-in-video"])
            Assert.Equal($$"""{"id":"{{video.Id}}","index_id":"{{index.Id}}","data":null}""",
                (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/{part}").JsonAsync()).GetRawText());
    }

    [Theory]
    [InlineData("start=-1")]
    [InlineData("start=one")]
    [InlineData("end=NaN")]
    [InlineData("start=5&end=4")]
    public async Task A_wrong_range_is_refused(string query)
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/transcription?{query}")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }
}
