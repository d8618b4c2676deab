using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.Benchmarks.Speech;

/// <summary>Word error rate and CPU time of speech recognition: <c>speech CLIP... [setting=value...] [repeat=N] [--auto] [--show]
/// [--parallel]</c>. The expected words of a clip are in a file of the same name with the extension <c>.txt</c>, or in ground-truth.json
/// for clips of the assets folder. Of several runs the minimum CPU time counts, because other work on the machine only adds to it.
/// docs/speech.md.</summary>
internal static class SpeechRun
{
    private static readonly IOptions<MediaToolOptions> Tools = Options.Create(new MediaToolOptions());

    public static async Task<int> RunAsync(string[] args)
    {
        var clips = args.Skip(1).Where(arg => !arg.StartsWith('-') && !arg.Contains('=')).ToList();
        var settings = args.Where(arg => arg.Contains('=') && !arg.StartsWith('-')).Select(arg => arg.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        var language = args.Contains("--auto") ? Transcription.AutoLanguage : settings.Remove("language", out var given) ? given : "en";
        var threads = settings.Remove("threads", out var count) ? int.Parse(count, CultureInfo.InvariantCulture) : 1;
        var runs = settings.Remove("repeat", out var repeat) ? int.Parse(repeat, CultureInfo.InvariantCulture) : 1;
        using var recognizer = Load(settings, threads);
        Console.WriteLine($"{recognizer.Device}, {threads} threads, language {language}");
        Console.WriteLine("\n| clip | seconds | words wrong | of | CPU s per s | wall s per s |\n| --- | --- | --- | --- | --- | --- |");
        // The first call allocates memory and is not measured.
        await recognizer.TryAsync(new float[5 * recognizer.SampleRate], CancellationToken.None);
        var measures = new List<Measure>();
        if (args.Contains("--parallel"))
            measures.Add(
                Sum("all at once",
                    await TimedAsync(() => Task.WhenAll(clips.Select(clip => MeasureAsync(recognizer, clip, language, false))))));
        else
            foreach (var clip in clips)
            {
                var measured = new List<Measure>();
                for (var run = 0; run < runs; run++)
                    measured.Add(await MeasureAsync(recognizer, clip, language, args.Contains("--show") && run == 0));
                measures.Add(measured.MinBy(one => one.Cpu)!);
            }
        foreach (var measure in measures.Append(Sum("all", (measures, measures.Sum(one => one.Cpu), measures.Sum(one => one.Wall)))))
            Console.WriteLine(measure.Row());
        return 0;
    }

    private static SpeechRecognizer Load(Dictionary<string, string> settings, int threads)
    {
        var manifest = ModelManifest.Load(ProjectFolder.File("models/manifest.json"));
        var folders = new ModelFolders(ProjectFolder.File("models/files"), ProjectFolder.File("models"),
            Environment.GetEnvironmentVariable);
        var (speech, voice) = (folders.Resolve(manifest.Profile("starter"), ModelRole.Speech),
            folders.Resolve(manifest.Profile("starter"), ModelRole.VoiceActivity));
        var options = new ModelOptions { Device = ModelDevice.Cpu, Threads = threads };
        return SpeechRecognizer.Load(With(speech, settings), With(voice, settings),
            new OnnxSessions(Options.Create(options), NullLogger<OnnxSessions>.Instance), options);
    }

    private static ManifestRole With(ManifestRole role, Dictionary<string, string> settings)
    {
        var merged = JsonNode.Parse(role.Settings.GetRawText())!.AsObject();
        foreach (var (name, value) in settings)
            merged[name] = double.TryParse(value, CultureInfo.InvariantCulture, out var number)
                ? JsonNode.Parse(number.ToString(CultureInfo.InvariantCulture))
                : bool.TryParse(value, out var isOn) ? JsonValue.Create(isOn) : JsonValue.Create(value);
        return role with { Model = role.Model with { Settings = JsonSerializer.SerializeToElement(merged) } };
    }

    private static async Task<Measure> MeasureAsync(SpeechRecognizer recognizer, string clip, string language, bool show)
    {
        var info = await new MediaProbe(Tools).ReadAsync(clip, CancellationToken.None);
        var sound = await new SoundReader(Tools).ReadAsync(clip, info, CancellationToken.None).ToListAsync();
        var transcription = recognizer.Begin(language);
        var (segments, cpu,
            wall) = await TimedAsync(() => transcription.ReadAsync(sound.ToAsyncEnumerable(), CancellationToken.None).ToListAsync()
                .AsTask());
        if (show)
            foreach (var segment in segments)
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture,
                        $"{segment.Start,8:0.00} {segment.End,8:0.00} {segment.Language} {segment.Text}"));
        if (transcription.OtherLanguage is { } other)
            Console.WriteLine($"{clip} seems to be in {other}.");
        var (expected, found) = (WordErrors.WordsOf(Expected(clip)),
            WordErrors.WordsOf(string.Join(' ', segments.Select(segment => segment.Text))));
        return new Measure(Path.GetFileName(clip), sound.Sum(block => (double)block.Length) / recognizer.SampleRate,
            WordErrors.Distance(expected, found), expected.Length, cpu, wall);
    }

    private static string Expected(string clip)
    {
        if (File.Exists(clip + ".txt"))
            return File.ReadAllText(clip + ".txt");
        var truth = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(clip))!, "ground-truth.json");
        var known = File.Exists(truth) ? GroundTruth.Load(truth).Media.FirstOrDefault(facts => facts.File == Path.GetFileName(clip)) : null;
        return string.Join(' ', known?.Speech.Select(phrase => phrase.Text) ?? []);
    }

    private static async Task<(T Result, double Cpu, double Wall)> TimedAsync<T>(Func<Task<T>> work)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, wall) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        var result = await work();
        process.Refresh();
        return (result, (process.TotalProcessorTime - cpu).TotalSeconds, Stopwatch.GetElapsedTime(wall).TotalSeconds);
    }

    private static Measure Sum(string name, (IReadOnlyList<Measure> Parts, double Cpu, double Wall) all)
        => new(name, all.Parts.Sum(one => one.Seconds), all.Parts.Sum(one => one.Wrong), all.Parts.Sum(one => one.Words), all.Cpu,
            all.Wall);

    private sealed record Measure(string Name, double Seconds, int Wrong, int Words, double Cpu, double Wall)
    {
        public string Row() => string.Create(CultureInfo.InvariantCulture,
            $"| {Name} | {Seconds:0.0} | {Wrong} ({100.0 * Wrong / Math.Max(1, Words):0.0} %) | {Words} | {Cpu / Seconds:0.000} | "
                + $"{Wall / Seconds:0.000} |");
    }
}
