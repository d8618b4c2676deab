using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>Clips for playback tests, encoded once and copied for each test class. The brightness is 20 plus 8 for each full
/// second.</summary>
public sealed class StreamClips : IAsyncLifetime
{
    public const int Seconds = 20;
    public const int FramesPerSecond = 25;

    /// <summary>Duration of <see cref="OpenGroups"/> in seconds, more than the maximum of a copied segment.</summary>
    public const int OpenGroupSeconds = 25;

    private static readonly Lazy<Task<Dictionary<string, byte[]>>> Clips = new(EncodeAsync);

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-stream-clips-").FullName;

    /// <summary>H.264 with B-frames and a closed group of pictures every two seconds, and AAC.</summary>
    public string Copied => Path.Combine(_folder, "copied.mp4");

    /// <summary>The same packets in Matroska.</summary>
    public string CopiedMatroska => Path.Combine(_folder, "copied.mkv");

    /// <summary>The same packets in MPEG-TS whose timestamps begin at 1,000 seconds.</summary>
    public string CopiedTransport => Path.Combine(_folder, "copied.ts");

    /// <summary>H.264 in which only the first key frame allows a start of playback.</summary>
    public string OpenGroups => Path.Combine(_folder, "open.mp4");

    /// <summary>H.264 with 2.1 Mbit/s and no sound, which gives 1.6 MB per segment.</summary>
    public string Large => Path.Combine(_folder, "large.mp4");

    /// <summary>MPEG-4 part 2 and MP3. Browsers play neither track.</summary>
    public string Encoded => Path.Combine(_folder, "encoded.mkv");

    public async ValueTask InitializeAsync()
    {
        foreach (var (name, content) in await Clips.Value)
            await File.WriteAllBytesAsync(Path.Combine(_folder, name), content);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>FFmpeg's arguments for gray pictures with a brightness by formula. The formula is evaluated for every pixel, so it fills a
    /// small picture, which is then enlarged.</summary>
    /// <param name="brightness">Formula of the filter geq: N is the number of the frame, T its time in seconds.</param>
    internal static string[] Gray(int width, int height, int rate, int seconds, string brightness) =>
    [
        "-f", "lavfi", "-i", $"color=gray:size=16x16:rate={rate}:duration={seconds},geq=lum='{brightness}':cb=128:cr=128,"
            + $"scale={width}:{height}:flags=neighbor,setsar=1",
    ];

    /// <summary>Returns the content of the clips by file name.</summary>
    private static async Task<Dictionary<string, byte[]>> EncodeAsync()
    {
        await using var clips = new StreamClips();
        var source = Source(Seconds);
        string[] h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "50", "-c:a", "aac", "-pix_fmt", "yuv420p"];
        await FFmpegAsync([.. source, .. h264, "-sc_threshold", "0", clips.Copied]);
        await FFmpegAsync(["-i", clips.Copied, "-c", "copy", clips.CopiedMatroska]);
        await FFmpegAsync(["-i", clips.Copied, "-c", "copy", "-output_ts_offset", "1000", clips.CopiedTransport]);
        await FFmpegAsync([.. Source(OpenGroupSeconds), .. h264, "-x264-params", "open-gop=1:scenecut=0", clips.OpenGroups]);
        await FFmpegAsync(["-f", "lavfi", "-i", $"testsrc2=size=640x360:rate=25:duration={Seconds},noise=alls=30:allf=t", "-c:v",
            "libx264", "-preset", "ultrafast", "-g", "50", "-sc_threshold", "0", "-b:v", "2100k", "-maxrate", "2100k", "-bufsize", "1M",
            "-pix_fmt", "yuv420p", clips.Large]);
        await FFmpegAsync([.. source, "-c:v", "mpeg4", "-g", "100", "-q:v", "4", "-c:a", "libmp3lame", clips.Encoded]);
        return Directory.GetFiles(clips._folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
    }

    private static string[] Source(int seconds) =>
    [
        .. Gray(320, 180, FramesPerSecond, seconds, "20+8*floor(T)"),
        "-f", "lavfi", "-i", $"sine=frequency=300:sample_rate=44100:duration={seconds}",
    ];

    /// <returns>Standard output.</returns>
    public static async Task<string> FFmpegAsync(string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var (output, error) = (ffmpeg.StandardOutput.ReadToEndAsync(), ffmpeg.StandardError.ReadToEndAsync());
        await ffmpeg.WaitForExitAsync();
        Assert.True(ffmpeg.ExitCode == 0 && (await error).Length == 0, await error);
        return await output;
    }
}

/// <summary>A decoded frame of a segment.</summary>
/// <param name="Time">Seconds on the common time axis of all segments of the video.</param>
/// <param name="Hash">MD5 of the pixels or samples.</param>
internal readonly record struct DecodedFrame(double Time, double Length, string Hash);

internal static class StreamBench
{
    /// <summary>Adds a ready video that can be played.</summary>
    public static async Task<(VideoIndex Index, Video Video, IndexingTask Task)> AddPlayableAsync(this TestServer server, string clip)
    {
        var index = await server.AddIndexAsync();
        var (video, task) = await server.AddVideoAsync(index, duration: StreamClips.Seconds, filename: Path.GetFileName(clip));
        File.Copy(clip, server.Files.VideoPath(video.Id));
        return (index, video, task);
    }

    public static async Task<JsonElement> VideoAsync(this TestServer server, Video video)
    {
        using var client = server.CreateClient();
        return await client.GetAsync($"/v1.1/indexes/{video.IndexId}/videos/{video.Id}").JsonAsync();
    }

    /// <summary>Returns the address of the playlist.</summary>
    public static async Task<Uri> PlaylistOfAsync(this TestServer server, Video video)
        => new((await server.VideoAsync(video)).GetProperty("hls").GetProperty("video_url").GetString()!);

    /// <summary>Returns start, end and address of each segment of a playlist.</summary>
    public static async Task<List<(double Start, double End, Uri Address)>> SegmentsAsync(HttpClient client, Uri playlist)
    {
        List<(double Start, double End, Uri Address)> segments = [];
        var length = 0.0;
        foreach (var line in (await client.GetStringAsync(playlist)).Split('\n'))
            if (line.StartsWith("#EXTINF:", StringComparison.Ordinal))
                length = double.Parse(line[8..].TrimEnd(','), CultureInfo.InvariantCulture);
            else if (line.Length > 0 && line[0] != '#')
            {
                var start = segments.Count == 0 ? 0 : segments[^1].End;
                segments.Add((start, start + length, new Uri(playlist, line)));
            }
        return segments;
    }

    /// <summary>Decodes the pictures and the sound of files, all in one process. Any message of FFmpeg fails the test.</summary>
    public static async Task<List<(List<DecodedFrame> Pictures, List<DecodedFrame> Sound)>> DecodeAsync(IReadOnlyList<string> paths)
    {
        await StreamClips.FFmpegAsync(["-copyts", .. paths.SelectMany(path => (string[])["-i", path]),
            .. paths.SelectMany((path, k) => (string[])["-map", $"{k}:v", "-map", $"{k}:a?", "-fps_mode", "passthrough", "-f", "framemd5",
                path + ".md5"])]);
        List<(List<DecodedFrame> Pictures, List<DecodedFrame> Sound)> files = [];
        foreach (var path in paths)
        {
            var lines = await File.ReadAllLinesAsync(path + ".md5");
            File.Delete(path + ".md5");
            files.Add((FramesOf(lines, 0), FramesOf(lines, 1)));
        }
        return files;
    }

    /// <summary>Returns the frames of a stream in the output of FFmpeg's framemd5; none if there is no such stream.</summary>
    private static List<DecodedFrame> FramesOf(string[] lines, int stream)
    {
        if (lines.FirstOrDefault(line => line.StartsWith($"#tb {stream}: ", StringComparison.Ordinal)) is not { } timeBase)
            return [];
        var tick = 1 / double.Parse(timeBase[(timeBase.IndexOf('/', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);
        return [.. lines.Where(line => line.StartsWith($"{stream},", StringComparison.Ordinal))
            .Select(line => line.Split(',', StringSplitOptions.TrimEntries))
            .Select(fields => new DecodedFrame(long.Parse(fields[2], CultureInfo.InvariantCulture) * tick,
                long.Parse(fields[3], CultureInfo.InvariantCulture) * tick, fields[^1]))];
    }

    /// <summary>Returns the brightness of the first frame of each file, 0 to 255. One process reads all files.</summary>
    public static async Task<List<double>> BrightnessAsync(IReadOnlyList<string> paths)
    {
        await StreamClips.FFmpegAsync([.. paths.SelectMany(path => (string[])["-i", path]),
            .. paths.SelectMany((path, k) => (string[])["-map", $"{k}:v", "-frames:v", "1", "-vf",
                $"signalstats,metadata=print:key=lavfi.signalstats.YAVG:file={path}.txt", "-f", "null", "-"])]);
        List<double> values = [];
        foreach (var path in paths)
            values.Add(double.Parse((await File.ReadAllTextAsync(path + ".txt")).Split("YAVG=")[1].Split('\n')[0],
                CultureInfo.InvariantCulture));
        return values;
    }
}
