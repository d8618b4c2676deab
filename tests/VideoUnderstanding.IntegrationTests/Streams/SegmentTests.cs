using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>Content of the segments: every picture once, at its time.</summary>
public sealed class SegmentTests(TestServer server, StreamClips clips) : IClassFixture<TestServer>, IClassFixture<StreamClips>
{
    private readonly HttpClient _anonymous = server.CreateClient(withKey: false);

    public static TheoryData<string> CopiedKinds => ["mp4", "mkv", "ts"];

    private string ClipOf(string kind) => kind switch
    {
        "mkv" => clips.CopiedMatroska, "ts" => clips.CopiedTransport, "open" => clips.OpenGroups, "encoded" => clips.Encoded,
        _ => clips.Copied,
    };

    private static int SecondsOf(string kind) => kind == "open" ? StreamClips.OpenGroupSeconds : StreamClips.Seconds;

    [Theory]
    [MemberData(nameof(CopiedKinds))]
    public async Task H264_and_AAC_are_copied_and_every_packet_is_in_one_segment(string kind)
    {
        var (segments, folder) = await DownloadAsync(ClipOf(kind));
        foreach (var track in (string[])["v", "a"])
        {
            var source = await StreamBench.DecodeAsync(ClipOf(kind), track);
            List<DecodedFrame> frames = [];
            foreach (var path in segments.Select(segment => segment.Path))
                frames.AddRange(await StreamBench.DecodeAsync(path, track));
            var (offset, half) = (source[0].Time - frames[0].Time, source[0].Length / 2);
            if (track == "v")
                Assert.Equal(source.Select(frame => frame.Hash), frames.Select(frame => frame.Hash));
            else
                // The first packet is the encoder delay. The decoder starts again for each segment.
                Assert.InRange(frames.Count, source.Count - 1, source.Count + 1);
            Assert.All(frames.Zip(source), pair => Assert.InRange(pair.First.Time + offset - pair.Second.Time, -half, half));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("open")]
    [InlineData("encoded")]
    public async Task Other_videos_are_encoded_at_a_constant_rate_without_gaps(string kind)
    {
        var (segments, folder) = await DownloadAsync(ClipOf(kind));
        List<DecodedFrame> pictures = [], sound = [];
        foreach (var path in segments.Select(segment => segment.Path))
        {
            pictures.AddRange(await StreamBench.DecodeAsync(path, "v"));
            sound.AddRange(await StreamBench.DecodeAsync(path, "a"));
        }
        // The sound may be slightly longer than the pictures.
        Assert.InRange(pictures.Count - SecondsOf(kind) * StreamClips.FramesPerSecond, 0, 2);
        foreach (var frames in (List<DecodedFrame>[])[pictures, sound])
            Assert.All(frames.Zip(frames.Skip(1)),
                pair => Assert.InRange(pair.Second.Time - pair.First.Time - frames[0].Length, -0.001, 0.001));
        Assert.InRange(sound[0].Time - pictures[0].Time, -0.001, 0.001);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("ts")]
    [InlineData("open")]
    [InlineData("encoded")]
    public async Task A_segment_begins_with_the_picture_of_its_time(string kind)
    {
        var (segments, folder) = await DownloadAsync(ClipOf(kind));
        Assert.InRange(segments[^1].End, SecondsOf(kind) - 0.1, SecondsOf(kind) + 0.1);
        Assert.InRange(segments.Count, 3, 5);
        foreach (var (start, _, path) in segments)
            // A copied segment may start with up to 0.13 s of sound before its first picture.
            Assert.Equal(20 + 8 * Math.Floor(start + 0.13), await StreamBench.BrightnessAsync(path), 1.5);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("encoded")]
    public async Task Segments_do_not_depend_on_the_time_and_order_of_their_creation(string kind)
    {
        var (_, video, _) = await server.AddPlayableAsync(ClipOf(kind));
        var segments = await StreamBench.SegmentsAsync(_anonymous, await server.PlaylistOfAsync(video));
        var last = await _anonymous.GetByteArrayAsync(segments[^1].Address);
        var first = await _anonymous.GetByteArrayAsync(segments[0].Address);
        Directory.Delete(Path.Combine(server.Files.Root, "streams", video.Id), recursive: true);

        Assert.Equal(first, await _anonymous.GetByteArrayAsync(segments[0].Address));
        Assert.Equal(last, await _anonymous.GetByteArrayAsync(segments[^1].Address));
    }

    [Fact]
    public async Task The_playlist_has_the_required_tags_and_media_types()
    {
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        using var response = await _anonymous.GetAsync(await server.PlaylistOfAsync(video));
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("application/vnd.apple.mpegurl", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:6"], lines[..3]);
        Assert.Contains("#EXT-X-PLAYLIST-TYPE:VOD", lines);
        Assert.Equal("#EXT-X-ENDLIST", lines[^2]);
        using var segment = await _anonymous.GetAsync((await StreamBench.SegmentsAsync(_anonymous, await server.PlaylistOfAsync(video)))[1]
            .Address);
        Assert.Equal("video/mp2t", segment.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_segment_past_the_end_is_not_found()
    {
        var (_, video, _) = await server.AddPlayableAsync(clips.Copied);
        await _anonymous.GetAsync(new Uri(await server.PlaylistOfAsync(video), "99.ts"))
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task A_broken_video_returns_an_error()
    {
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await File.WriteAllTextAsync(server.Files.VideoPath(video.Id), "no video");
        await _anonymous.GetAsync(await server.PlaylistOfAsync(video))
            .ErrorAsync(HttpStatusCode.BadRequest, "video_file_broken");
    }

    private async Task<(List<(double Start, double End, string Path)> Segments, string Folder)> DownloadAsync(string clip)
    {
        var (_, video, _) = await server.AddPlayableAsync(clip);
        var folder = Directory.CreateTempSubdirectory("vu-segments-").FullName;
        List<(double Start, double End, string Path)> files = [];
        foreach (var (start, end, address) in await StreamBench.SegmentsAsync(_anonymous, await server.PlaylistOfAsync(video)))
        {
            var path = Path.Combine(folder, $"{files.Count}.ts");
            await File.WriteAllBytesAsync(path, await _anonymous.GetByteArrayAsync(address));
            files.Add((start, end, path));
        }
        return (files, folder);
    }
}
