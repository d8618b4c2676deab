using System.Net;
using System.Text.Json;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Unusual files are indexed, and unreadable files are refused or fail.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class OddFileTests
{
    private readonly OpenClipSet _set;

    public OddFileTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    [Theory]
    [InlineData("dog-rotated.mp4", 270, 480, 4.0)]
    [InlineData("bottles-vfr.mp4", 640, 360, 29.8)]
    [InlineData("cars-hevc.mkv", 768, 432, 10.0)]
    [InlineData("flower.webm", 960, 540, 5.06)]
    [InlineData("his-girl-friday.avi", 640, 480, 6.2)]
    [InlineData("slides-climate.mov", 320, 240, 20.0)]
    [InlineData("dog-park.mp4", 1280, 720, 9.66)]
    public async Task An_unusual_file_is_indexed_with_its_displayed_size(string file, int width, int height, double duration)
    {
        var facts = (await _set.Api.GetAsync($"indexes/{_set.Index}/videos/{_set.Videos[file]}")).Expect(HttpStatusCode.OK)
            .GetProperty("metadata");

        Assert.Equal((width, height), (facts.GetProperty("width").GetInt32(), facts.GetProperty("height").GetInt32()));
        Assert.InRange(facts.GetProperty("duration").GetDouble(), duration - 0.3, duration + 0.3);
    }

    [Fact]
    public async Task A_file_with_only_sound_is_refused()
        => (await _set.Api.UploadAsync(_set.Index, OpenClipSet.PathOf("jfk-audio-only.m4a")))
            .ExpectError(HttpStatusCode.BadRequest, "video_file_broken");

    [Theory]
    [InlineData("broken/empty.mp4")]
    [InlineData("broken/not-a-video.mp4")]
    [InlineData("broken/moov-missing.mp4")]
    public async Task A_file_that_cannot_be_opened_is_refused(string file)
    {
        (await _set.Api.UploadAsync(_set.Index, OpenClipSet.PathOf(file))).ExpectError(HttpStatusCode.BadRequest, "video_file_broken");
        await AssertUnharmedAsync(file);
    }

    [Theory]
    [InlineData("broken/truncated-faststart.mp4")]
    [InlineData("broken/truncated.webm")]
    [InlineData("broken/corrupt-bitstream.mkv")]
    public async Task A_truncated_or_corrupt_file_is_refused_or_fails(string file)
    {
        var index = await _set.Api.CreateIndexAsync(file, "visual");
        var answer = await _set.Api.UploadAsync(index, OpenClipSet.PathOf(file));
        if (answer.Status == HttpStatusCode.Created)
        {
            var task = await _set.Api.FinishedTaskAsync(answer.Body.GetProperty("_id").GetString()!);
            Assert.Equal("failed", task.GetProperty("status").GetString());
        }
        else
        {
            answer.ExpectError(HttpStatusCode.BadRequest, "video_file_broken");
        }
        await AssertUnharmedAsync(file);
    }

    /// <summary>Checks that the server is ready and that the next upload works.</summary>
    private async Task AssertUnharmedAsync(string after)
    {
        using var health = await _set.Api.Http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
        Assert.True(health.IsSuccessStatusCode,
            JsonSerializer.Serialize(await health.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        var index = await _set.Api.CreateIndexAsync($"after {after}", "visual");
        var video = await _set.Api.IndexAsync(index, OpenClipSet.PathOf("dog-rotated.mp4"));
        Assert.Equal(video, (await _set.Api.SearchAsync(index, "dog", "visual", threshold: "none"))[0].VideoId);
    }
}
