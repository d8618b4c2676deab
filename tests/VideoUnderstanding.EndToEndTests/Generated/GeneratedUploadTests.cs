using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Accepted and refused uploads.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedUploadTests(GeneratedSet set)
{
    private const string Subtitles =
        "1\n00:00:00,500 --> 00:00:02,000\nThe doctor opened a window.\n\n2\n00:00:04,000 --> 00:00:06,500\nA train crossed the "
            + "mountain.\n";

    [Theory]
    [InlineData(GeneratedClips.CutIndex)]
    [InlineData(GeneratedClips.PlainText)]
    [InlineData(GeneratedClips.Empty)]
    [InlineData(GeneratedClips.SoundOnly)]
    public async Task A_file_that_is_not_a_video_is_refused(string file)
    {
        var answer = await set.Api.UploadAsync(set.SoundIndex, set.PathOf(file));

        answer.ExpectError(HttpStatusCode.BadRequest, "video_file_broken");
    }

    [Fact]
    public async Task A_truncated_video_is_refused_or_fails()
    {
        var answer = await set.Api.UploadAsync(set.SoundIndex, set.PathOf(GeneratedClips.CutData));

        if (answer.Status != HttpStatusCode.Created)
            answer.ExpectError(HttpStatusCode.BadRequest, "video_file_broken");
        else
            Assert.Equal("failed",
                (await set.Api.FinishedTaskAsync(answer.Body.GetProperty("_id").GetString()!)).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_silent_video_is_refused_by_an_index_for_speech()
        => (await set.Api.UploadAsync(set.SoundIndex, set.PathOf(GeneratedClips.Sideways)))
            .ExpectError(HttpStatusCode.BadRequest, "video_audio_track_not_exists");

    [Fact]
    public async Task A_user_transcript_replaces_speech_recognition()
    {
        var index = await set.Api.CreateIndexAsync("own transcript", "conversation");
        var video = await set.Api.IndexAsync(index, set.PathOf(GeneratedClips.Colours), Subtitles);

        var said = (await set.Api.GetAsync($"indexes/{index}/videos/{video}/transcription")).Expect(HttpStatusCode.OK).GetProperty("data");
        var found = await set.Api.SearchAsync(index, "a railway and a hill", "conversation", threshold: "none");

        Assert.Equal(["The doctor opened a window.", "A train crossed the mountain."],
            said.EnumerateArray().Select(segment => segment.GetProperty("value").GetString()));
        Assert.Equal((video, 4, 6.5), (found[0].VideoId, found[0].Start, found[0].End));
        Assert.Empty(await set.Api.SearchAsync(index, "ship leaves", "conversation", "exact_match"));
    }

    [Fact]
    public async Task A_video_is_fetched_from_an_address()
    {
        await using var files = await FileServer.StartAsync(Path.GetDirectoryName(set.PathOf(GeneratedClips.Hevc))!);
        var index = await set.Api.CreateIndexAsync("by address", "visual");

        var answer = await set.Api.UploadByAddressAsync(index, files.AddressOf(GeneratedClips.Uneven));
        var task = await set.Api.FinishedTaskAsync(answer.Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!);

        Assert.Equal("ready", task.GetProperty("status").GetString());
        var found = await set.Api.SearchAsync(index, "cyan", "visual");
        Assert.Equal(task.GetProperty("video_id").GetString(), found[0].VideoId);
    }

    [Theory]
    [InlineData(GeneratedClips.PlainText)]
    [InlineData("not-there.mp4")]
    public async Task An_address_without_a_video_fails_the_task(string file)
    {
        await using var files = await FileServer.StartAsync(Path.GetDirectoryName(set.PathOf(GeneratedClips.Hevc))!);
        var index = await set.Api.CreateIndexAsync($"bad address {file}", "visual");

        var answer = await set.Api.UploadByAddressAsync(index, files.AddressOf(file));
        var task = await set.Api.FinishedTaskAsync(answer.Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!);

        Assert.Equal("failed", task.GetProperty("status").GetString());
    }
}
