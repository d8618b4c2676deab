using System.Net;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>Content of the segments: every picture once, at its time.</summary>
public sealed class SegmentTests(TestServer server, StreamClips clips, DownloadedSegments downloads)
    : IClassFixture<TestServer>, IClassFixture<StreamClips>, IClassFixture<DownloadedSegments>
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
        var (_, segments) = await DownloadAsync(kind);
        var files = await StreamBench.DecodeAsync([ClipOf(kind), .. segments.Select(segment => segment.Path)]);
        var pictures = files.Skip(1).SelectMany(file => file.Pictures).ToList();
        var sound = files.Skip(1).SelectMany(file => file.Sound).ToList();

        Assert.Equal(files[0].Pictures.Select(frame => frame.Hash), pictures.Select(frame => frame.Hash));
        // The first packet is the encoder delay. The decoder starts again for each segment.
        Assert.InRange(sound.Count, files[0].Sound.Count - 1, files[0].Sound.Count + 1);
        foreach (var (source, frames) in ((List<DecodedFrame>, List<DecodedFrame>)[])[(files[0].Pictures, pictures),
            (files[0].Sound, sound)])
        {
            var (offset, half) = (source[0].Time - frames[0].Time, source[0].Length / 2);
            Assert.All(frames.Zip(source), pair => Assert.InRange(pair.First.Time + offset - pair.Second.Time, -half, half));
        }
    }

    [Theory]
    [InlineData("open")]
    [InlineData("encoded")]
    public async Task Other_videos_are_encoded_at_a_constant_rate_without_gaps(string kind)
    {
        var (_, segments) = await DownloadAsync(kind);
        var files = await StreamBench.DecodeAsync([.. segments.Select(segment => segment.Path)]);
        var pictures = files.SelectMany(file => file.Pictures).ToList();
        var sound = files.SelectMany(file => file.Sound).ToList();

        // The sound may be slightly longer than the pictures.
        Assert.InRange(pictures.Count - SecondsOf(kind) * StreamClips.FramesPerSecond, 0, 2);
        foreach (var frames in (List<DecodedFrame>[])[pictures, sound])
            Assert.All(frames.Zip(frames.Skip(1)),
                pair => Assert.InRange(pair.Second.Time - pair.First.Time - frames[0].Length, -0.001, 0.001));
        Assert.InRange(sound[0].Time - pictures[0].Time, -0.001, 0.001);
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("ts")]
    [InlineData("open")]
    [InlineData("encoded")]
    public async Task A_segment_begins_with_the_picture_of_its_time(string kind)
    {
        var (_, segments) = await DownloadAsync(kind);

        Assert.InRange(segments[^1].End, SecondsOf(kind) - 0.1, SecondsOf(kind) + 0.1);
        Assert.InRange(segments.Count, 3, 5);
        Assert.All((await StreamBench.BrightnessAsync([.. segments.Select(segment => segment.Path)])).Zip(segments),
            // A copied segment may start with up to 0.13 s of sound before its first picture.
            pair => Assert.Equal(20 + 8 * Math.Floor(pair.Second.Start + 0.13), pair.First, 1.5));
    }

    [Theory]
    [InlineData("mp4")]
    [InlineData("encoded")]
    public async Task Segments_do_not_depend_on_the_time_and_order_of_their_creation(string kind)
    {
        // Downloaded from the first to the last.
        var (video, files) = await DownloadAsync(kind);
        Directory.Delete(Path.Combine(server.Files.Root, "streams", video.Id), recursive: true);
        var segments = await StreamBench.SegmentsAsync(_anonymous, await server.PlaylistOfAsync(video));

        foreach (var number in (int[])[segments.Count - 1, 0])
            Assert.Equal(await File.ReadAllBytesAsync(files[number].Path), await _anonymous.GetByteArrayAsync(segments[number].Address));
    }

    [Fact]
    public async Task The_playlist_has_the_required_tags_and_media_types()
    {
        var (video, _) = await DownloadAsync("mp4");
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
        var (video, _) = await DownloadAsync("mp4");
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

    private async Task<DownloadedClip> DownloadAsync(string kind)
    {
        if (downloads.Find(kind) is { } known)
            return known;
        var (_, video, _) = await server.AddPlayableAsync(ClipOf(kind));
        return await downloads.AddAsync(kind, video, _anonymous, await server.PlaylistOfAsync(video));
    }
}

/// <summary>A video on the server and copies of its segments.</summary>
public sealed record DownloadedClip(Video Video, IReadOnlyList<(double Start, double End, string Path)> Segments);

/// <summary>The segments of each kind of clip, downloaded once for all tests of a class.</summary>
public sealed class DownloadedSegments : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-segments-").FullName;
    private readonly Dictionary<string, DownloadedClip> _known = [];

    /// <returns>Null if the segments have not been downloaded.</returns>
    public DownloadedClip? Find(string kind) => _known.GetValueOrDefault(kind);

    public async Task<DownloadedClip> AddAsync(string kind, Video video, HttpClient client, Uri playlist)
    {
        List<(double Start, double End, string Path)> files = [];
        foreach (var (start, end, address) in await StreamBench.SegmentsAsync(client, playlist))
        {
            var path = Path.Combine(_folder, $"{kind}-{files.Count}.ts");
            await File.WriteAllBytesAsync(path, await client.GetByteArrayAsync(address));
            files.Add((start, end, path));
        }
        return _known[kind] = new(video, files);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
