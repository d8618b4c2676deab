using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Streams;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>A part that a test requests.</summary>
/// <param name="Path">File of the video.</param>
internal sealed record RequestedPart(string VideoId, string Path, double Start, double End)
{
    public double Seconds => End - Start;
    public object Body => new { video_id = VideoId, start = Start, end = End };
}

/// <summary>Videos of different sizes and frame rates. The brightness of frame N is 40 + 4 * (N modulo 40). Sound is a tone of
/// 300 Hz.</summary>
public sealed class CountingClips : IAsyncLifetime
{
    public const int Seconds = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-counting-").FullName;

    /// <summary>640x360, 25 frames per second, H.264 with B-frames and a key frame every ten seconds, AAC.</summary>
    public string Wide => Path.Combine(_folder, "wide.mp4");

    /// <summary>180x320, 30 frames per second, no sound.</summary>
    public string Tall => Path.Combine(_folder, "tall.mp4");

    /// <summary>320x240, 10 frames per second, MPEG-4 part 2 with MP3 in mono.</summary>
    public string Old => Path.Combine(_folder, "old.mkv");

    /// <summary>640x360 in MPEG-TS whose timestamps begin at 1,000 seconds.</summary>
    public string Late => Path.Combine(_folder, "late.ts");

    public async ValueTask InitializeAsync()
    {
        string[] h264 = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "10", "-bf", "2", "-g", "250", "-sc_threshold", "0", "-pix_fmt",
            "yuv420p"];
        await StreamClips.FFmpegAsync([.. Counting(640, 360, 25), .. Tone(44_100), .. h264, "-c:a", "aac", Wide]);
        await StreamClips.FFmpegAsync([.. Counting(180, 320, 30), .. h264, Tall]);
        await StreamClips.FFmpegAsync([.. Counting(320, 240, 10), .. Tone(22_050), "-c:v", "mpeg4", "-q:v", "2", "-c:a", "libmp3lame",
            Old]);
        await StreamClips.FFmpegAsync(["-i", Wide, "-c", "copy", "-output_ts_offset", "1000", Late]);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>The brightness of the frame at a time in seconds.</summary>
    public static double BrightnessAt(double time, int rate) => 40 + 4 * (Math.Floor(time * rate + 0.001) % 40);

    private static string[] Counting(int width, int height, int rate)
        => StreamClips.Gray(width, height, rate, Seconds, "40+4*mod(N,40)");

    private static string[] Tone(int rate) => ["-f", "lavfi", "-i", $"sine=frequency=300:sample_rate={rate}:duration={Seconds}"];
}

internal static class JoinedClipBench
{
    /// <summary>Adds a ready video with this file to the user's account.</summary>
    public static async Task<Video> AddVideoAsync(
        this AppServer server, Browser browser, string path, bool isStreamDisabled = false)
    {
        using var about = JsonDocument.Parse(await ProbeAsync(path, "format=duration:stream=width,height,avg_frame_rate", "v:0"));
        var track = about.RootElement.GetProperty("streams")[0];
        var rate = track.GetProperty("avg_frame_rate").GetString()!.Split('/')
            .Select(part => double.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        await using var db = server.Database.Open();
        var account = await db.Users.Where(row => row.Name == browser.User).Select(row => row.AccountId).SingleAsync();
        var now = server.Clock.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, Name = $"films {Guid.NewGuid():N}", EngineId = "marengo2",
            Options = [IndexOptions.Visual], Addons = [], CreatedAt = now, UpdatedAt = now,
        };
        var video = new Video
        {
            Id = ObjectIds.New(server.Clock), AccountId = account, IndexId = index.Id, Filename = Path.GetFileName(path),
            Duration = Seconds(about.RootElement.GetProperty("format"), "duration"), FramesPerSecond = rate[0] / rate[1],
            Width = track.GetProperty("width").GetInt32(), Height = track.GetProperty("height").GetInt32(), Size = 1000,
            IsStreamDisabled = isStreamDisabled, CreatedAt = now, UpdatedAt = now, IndexedAt = now,
        };
        db.AddRange(index, video);
        await db.SaveChangesAsync();
        Directory.CreateDirectory(Path.Combine(server.Data, "videos"));
        File.Copy(path, server.FileOf(video.Id));
        return video;
    }

    public static string FileOf(this AppServer server, string videoId) => Path.Combine(server.Data, "videos", videoId);

    public static Task<HttpResponseMessage> JoinAsync(this Browser browser, params IEnumerable<RequestedPart> parts)
        => browser.SendAsync(HttpMethod.Post, "/app/clips", new { parts = parts.Select(part => part.Body) });

    /// <summary>Durations of a file and its tracks, in seconds, and its size in pixels.</summary>
    public static async Task<(double File, double Pictures, double Sound, int Width, int Height)> DescribeAsync(string path)
    {
        using var about = JsonDocument.Parse(await ProbeAsync(path, "format=duration:stream=codec_name,duration,width,height"));
        var (video, sound) = (about.RootElement.GetProperty("streams")[0], about.RootElement.GetProperty("streams")[1]);
        Assert.Equal(("h264", "aac"), (video.GetProperty("codec_name").GetString(), sound.GetProperty("codec_name").GetString()));
        return (Seconds(about.RootElement.GetProperty("format"), "duration"), Seconds(video, "duration"), Seconds(sound, "duration"),
            video.GetProperty("width").GetInt32(), video.GetProperty("height").GetInt32());
    }

    /// <summary>The frame at a time in seconds, scaled and padded to a size, as 64 x 36 grey pixels.</summary>
    public static async Task<byte[]> PictureAsync(string path, double time, int width, int height)
    {
        var file = Path.GetTempFileName();
        try
        {
            var at = (time + 0.001).ToString(CultureInfo.InvariantCulture);
            await StreamClips.FFmpegAsync(["-i", path, "-map", "0:v:0", "-vf",
                $"setpts=PTS-STARTPTS,tpad=stop=-1:stop_mode=clone,settb=1/1000000,fps=1000:start_time={at}:round=up,trim=end_frame=1,"
                + $"scale=w='iw*min({width}/iw,{height}/ih)':h='ih*min({width}/iw,{height}/ih)',pad={width}:{height}:-1:-1,scale=64:36",
                "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", file]);
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Mean absolute difference of the pixels of two pictures, 0 to 255.</summary>
    public static double Difference(byte[] first, byte[] second)
        => first.Zip(second).Average(pair => Math.Abs(pair.First - pair.Second));

    /// <summary>Loudness of each tenth of a second: the mean square of the samples, which range from -1 to 1.</summary>
    public static async Task<List<double>> LoudnessAsync(string path)
    {
        var file = Path.GetTempFileName();
        try
        {
            await StreamClips.FFmpegAsync(["-i", path, "-map", "0:a:0", "-ac", "1", "-ar", "8000", "-f", "s16le", file]);
            var samples = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(file)).ToArray();
            return [.. samples.Chunk(800).Select(part => part.Average(sample => sample / 32768.0 * (sample / 32768.0)))];
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>True if a running process has the path among its arguments.</summary>
    public static bool IsRead(string path)
        => Directory.EnumerateDirectories("/proc").Any(process =>
        {
            try
            {
                return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0').Contains($"file:{path}");
            }
            catch (IOException)
            {
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
        });

    private static double Seconds(JsonElement element, string name)
        => double.Parse(element.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static async Task<string> ProbeAsync(string path, string entries, string? streams = null)
    {
        string[] selected = streams is null ? [] : ["-select_streams", streams];
        string[] arguments = ["-v", "error", .. selected, "-show_entries", entries, "-of", "json", path];
        using var probe = Process.Start(new ProcessStartInfo("ffprobe", arguments) { RedirectStandardOutput = true })!;
        var output = await probe.StandardOutput.ReadToEndAsync();
        await probe.WaitForExitAsync();
        return output;
    }
}
