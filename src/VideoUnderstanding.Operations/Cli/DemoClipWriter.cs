using System.Globalization;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Creates the demonstration video from files of Debian packages: photographs, a sound, narration by flite, captions and encoding
/// by FFmpeg.</summary>
internal static class DemoClipWriter
{
    private const string Pictures = "/usr/share/tuxpaint/stamps";
    private const string Sounds = "/usr/share/sounds/freedesktop/stereo";
    private const string Font = "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf";
    private const string Voice = "slt";

    // Seconds from the start of a scene.
    private const double NarrationDelay = 0.7;
    private const double SoundDelay = 1.5;
    private const double SoundDuration = 4;

    private const string Remedy = "Install what is missing: deploy/install.sh --demo\nOr pass your own video: ./run.sh --demo CLIP";

    private static readonly ToolLimits Limits = new() { Time = TimeSpan.FromMinutes(5) };

    /// <exception cref="CommandFailure">A package is missing, or a tool failed.</exception>
    public static async Task WriteAsync(IReadOnlyList<DemoScene> scenes, string path, CancellationToken cancellationToken)
    {
        if (MissingFiles(scenes) is { Count: > 0 } missing)
            throw new CommandFailure(
                $"Files for the demonstration video are missing: {string.Join(", ", missing)}\n{Remedy}");
        var work = Directory.CreateTempSubdirectory("vu-demo-").FullName;
        try
        {
            foreach (var (number, scene) in scenes.Index())
            {
                if (scene.Narration is { } narration)
                    await ToolProcess.RunAsync("flite", ["-voice", Voice, "-t", narration, "-o", Path.Combine(work, NarrationFile(number))],
                        Limits, cancellationToken);
                if (scene.Caption is { } caption)
                    await File.WriteAllTextAsync(Path.Combine(work, CaptionFile(number)), caption, cancellationToken);
            }
            await ToolProcess.RunAsync(new ToolCommand("ffmpeg", Arguments(scenes, path)) { WorkingDirectory = work }, Limits,
                cancellationToken);
        }
        catch (ToolException failure)
        {
            throw new CommandFailure($"The demonstration video could not be generated. "
                + $"{failure.Message}{(failure.Failure == ToolFailure.NotStarted ? $"\n{Remedy}" : "")}");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    /// <summary>Arguments of ffmpeg. Files of the work folder are named without a folder, because a filter would need them
    /// escaped.</summary>
    internal static IReadOnlyList<string> Arguments(IReadOnlyList<DemoScene> scenes, string path)
    {
        List<string> inputs = [], filters = [];
        var pictures = "";
        foreach (var (number, scene) in scenes.Index())
        {
            inputs.AddRange(
                ["-f", "lavfi", "-t", Text(scene.Duration), "-i", "color=c=0x9fb4c4:s=640x360:r=25", "-i",
                    Path.Combine(Pictures, scene.Picture)]);
            var caption = scene.Caption is null ? ""
                : $",drawtext=textfile={CaptionFile(number)}:fontfile={Font}:fontsize=30:box=1:boxcolor=white:boxborderw=14:x=(w-tw)/"
                    + $"2:y=h-th-30";
            filters.Add($"[{2 * number + 1}:v]scale=560:300:force_original_aspect_ratio=decrease[p{number}]");
            filters.Add($"[{2 * number}:v][p{number}]overlay=(W-w)/2:(H-h)/2{caption},format=yuv420p[v{number}]");
            pictures += $"[v{number}]";
        }
        filters.Add($"{pictures}concat=n={scenes.Count}:v=1:a=0[v]");
        AddSound(scenes, inputs, filters);
        return
        [
            "-v", "error", "-y", .. inputs, "-filter_complex", string.Join(';', filters), "-map", "[v]", "-map", "[a]",
            "-c:v", "libx264", "-preset", "veryfast", "-c:a", "aac", "-b:a", "128k", path,
        ];
    }

    private static void AddSound(IReadOnlyList<DemoScene> scenes, List<string> inputs, List<string> filters)
    {
        var input = 2 * scenes.Count;
        var start = 0.0;
        var tracks = "";
        foreach (var (number, scene) in scenes.Index())
        {
            if (scene.Narration is not null)
                Add(["-i", NarrationFile(number)], start + NarrationDelay);
            if (scene.Sound is not null)
                // Looped, because the sound is shorter than the scene.
                Add(["-stream_loop", "-1", "-t", Text(SoundDuration), "-i", Path.Combine(Sounds, scene.Sound)], start + SoundDelay);
            start += scene.Duration;
        }
        filters.Add($"{tracks}amix=inputs={input - 2 * scenes.Count}:normalize=0,apad,atrim=0:{Text(start)}[a]");

        void Add(string[] arguments, double at)
        {
            inputs.AddRange(arguments);
            filters.Add(
                string.Create(CultureInfo.InvariantCulture,
                    $"[{input}:a]aresample=44100,aformat=channel_layouts=mono,adelay={at * 1000:0}:all=1[a{input}]"));
            tracks += $"[a{input++}]";
        }
    }

    private static List<string> MissingFiles(IReadOnlyList<DemoScene> scenes)
    {
        var files = scenes.Select(scene => Path.Combine(Pictures, scene.Picture))
            .Concat(scenes.Select(scene => scene.Sound).OfType<string>().Select(sound => Path.Combine(Sounds, sound))).Append(Font);
        return [.. files.Where(file => !File.Exists(file))];
    }

    private static string NarrationFile(int scene) => $"narration{scene}.wav";

    private static string CaptionFile(int scene) => $"caption{scene}.txt";

    private static string Text(double seconds) => seconds.ToString(CultureInfo.InvariantCulture);
}
