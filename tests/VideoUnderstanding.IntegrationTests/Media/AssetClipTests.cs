using System.Text.Json;
using VideoUnderstanding.Media;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Media;

[Trait("Needs", "Assets")]
public sealed class AssetClipTests(ClipFolder clips) : IClassFixture<ClipFolder>
{
    private static List<JsonElement> Truth()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(AssetsFolder.File("media/ground-truth.json")));
        return [.. document.RootElement.GetProperty("media").EnumerateArray().Select(clip => clip.Clone())];
    }

    private static string PathOf(JsonElement clip) => AssetsFolder.File("media/" + clip.GetProperty("file").GetString());

    [Fact]
    public async Task The_probe_returns_the_recorded_properties_of_every_clip()
    {
        AssetsFolder.Require();
        foreach (var clip in Truth())
        {
            var info = await clips.Probe.ReadAsync(PathOf(clip), CancellationToken.None);

            var name = clip.GetProperty("file").GetString();
            // The expected duration comes from the header. It may include time before the first frame and sound that an edit list hides.
            Assert.True(Math.Abs(info.DurationSeconds - clip.GetProperty("duration").GetDouble()) < 0.1,
                $"{name} lasts {info.DurationSeconds}");
            Assert.Equal((name, clip.GetProperty("container").GetString(), clip.GetProperty("bytes").GetInt64()),
                (name, info.Container, info.SizeBytes));
            Assert.Equal((name, PictureOf(clip)), (name, info.Video is { } v ? (v.Codec, v.Width, v.Height, v.Rotation) : null));
            Assert.Equal((name, SoundOf(clip)), (name, info.Audio is { } a ? (a.Codec, a.SampleRate, a.Channels) : null));
        }
    }

    [Fact]
    public async Task Every_clip_is_decoded_to_its_end_without_gaps()
    {
        AssetsFolder.Require();
        foreach (var clip in Truth().Where(clip => clip.GetProperty("video").GetArrayLength() > 0))
        {
            var info = await clips.Probe.ReadAsync(PathOf(clip), CancellationToken.None);
            var last = -0.5;
            var steady = 0;
            await foreach (var frame in clips.Frames.ReadAsync(PathOf(clip), info, new FrameSampling(1, 0.4, 320), CancellationToken.None))
            {
                Assert.InRange(frame.Time - last, 0.01, 1.1);
                Assert.True(Math.Max(frame.Width, frame.Height) <= 320 && frame.Width % 2 == 0 && frame.Height % 2 == 0);
                steady += (int)frame.Time > (int)last ? 1 : 0;
                last = frame.Time;
            }

            Assert.InRange(last, info.Video!.EndSeconds!.Value - 1.1, info.Video.EndSeconds.Value);
            Assert.InRange(steady, (int)info.Video.EndSeconds.Value - 1, (int)info.Video.EndSeconds.Value + 1);
        }
    }

    [Fact]
    public async Task Every_sound_track_is_decoded_to_its_end()
    {
        AssetsFolder.Require();
        foreach (var clip in Truth().Where(clip => clip.GetProperty("audio").GetArrayLength() > 0))
        {
            var sound = await clips.ReadSoundAsync(PathOf(clip));

            Assert.Equal(clip.GetProperty("duration").GetDouble(), sound.Length / 16000.0, 0.1);
        }
    }

    [Theory]
    [InlineData("empty.mp4", "The file is empty")]
    [InlineData("not-a-video.mp4", "The file can not be read")]
    [InlineData("moov-missing.mp4", "The file can not be read")]
    [InlineData("truncated-faststart.mp4", "should last 11.0 s, but its data ends at 5.")]
    [InlineData("truncated.webm", "should last 5.1 s, but its data ends at 2.5 s")]
    // The damage affects the container too: no data after 7 s can be read.
    [InlineData("corrupt-bitstream.mkv", "should last 9.9 s, but its data ends at 6.")]
    public async Task Every_broken_file_is_refused_with_its_reason(string name, string reason)
    {
        var path = AssetsFolder.File("media/broken/" + name);
        var exception = await Assert.ThrowsAsync<MediaException>(() => clips.Probe.ReadAsync(path, CancellationToken.None));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AssetsFolder.Require(), exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("truncated-faststart.mp4")]
    [InlineData("corrupt-bitstream.mkv")]
    public async Task Decoding_a_broken_file_returns_the_readable_frames_and_then_fails(string name)
    {
        var whole = await clips.Probe.ReadAsync(AssetsFolder.File(name[0] == 't' ? "media/jfk-inaugural.mp4" : "media/cars-hevc.mkv"),
            CancellationToken.None);
        var frames = new List<Frame>();

        var exception = await Assert.ThrowsAsync<MediaException>(async () =>
        {
            await foreach (var frame
                in clips.Frames.ReadAsync(AssetsFolder.File("media/broken/" + name), whole, new FrameSampling(1, 0.3, 320),
                    CancellationToken.None))
                frames.Add(frame);
        });

        Assert.InRange(frames.Count, 4, 9);
        Assert.Contains("its pictures end at", exception.Message, StringComparison.Ordinal);
    }

    private static (string, int, int, int)? PictureOf(JsonElement clip)
    {
        if (clip.GetProperty("video").GetArrayLength() == 0)
            return null;
        var track = clip.GetProperty("video")[0];
        // The list has counter-clockwise rotation and the stored size.
        var rotation = (360 - clip.GetProperty("rotation").GetInt32()) % 360;
        var (width, height) = (track.GetProperty("width").GetInt32(), track.GetProperty("height").GetInt32());
        return (track.GetProperty("codec").GetString()!, rotation % 180 == 0 ? width : height, rotation % 180 == 0 ? height : width,
            rotation);
    }

    private static (string, int, int)? SoundOf(JsonElement clip)
    {
        if (clip.GetProperty("audio").GetArrayLength() == 0)
            return null;
        var track = clip.GetProperty("audio")[0];
        return (track.GetProperty("codec").GetString()!, int.Parse(track.GetProperty("rate").GetString()!),
            track.GetProperty("channels").GetInt32());
    }
}
