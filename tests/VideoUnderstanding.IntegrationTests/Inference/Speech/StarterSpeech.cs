using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets;

[assembly: AssemblyFixture(typeof(VideoUnderstanding.IntegrationTests.Inference.Speech.StarterSpeech))]

namespace VideoUnderstanding.IntegrationTests.Inference.Speech;

/// <summary>The speech models that are committed with the project, loaded once for all tests.</summary>
public sealed class StarterSpeech : IDisposable
{
    private static readonly ModelOptions Cpu = new() { Device = ModelDevice.Cpu, Threads = 2 };
    private readonly Lazy<SpeechRecognizer> _recognizer = new(() => Load());

    private readonly Lazy<WhisperNetTranscriber> _transcriber = new(
        () => WhisperNetTranscriber.Load(Role(ModelRole.Speech), Settings, Cpu));

    public SpeechRecognizer Recognizer => _recognizer.Value;

    /// <summary>The speech model without voice detection.</summary>
    internal WhisperNetTranscriber Transcriber => _transcriber.Value;

    internal static SpeechSettings Settings => SpeechSettings.Parse(Role(ModelRole.Speech).Settings);

    internal static OnnxSessions Sessions => new(Options.Create(Cpu), NullLogger<OnnxSessions>.Instance);

    public static ManifestRole Role(ModelRole role)
    {
        var manifest = ModelManifest.Load(ProjectFolder.File("models/manifest.json"));
        return new ModelFolders(ProjectFolder.File("models/files"), ProjectFolder.File("models"), _ => null)
            .Resolve(manifest.Profile("starter"), role);
    }

    /// <param name="speech">Replaces the speech role of the starter profile; null keeps it.</param>
    public static SpeechRecognizer Load(ManifestRole? speech = null)
        => SpeechRecognizer.Load(speech ?? Role(ModelRole.Speech), Role(ModelRole.VoiceActivity), Sessions, Cpu);

    public ValueTask<List<SpeechSegment>> TranscribeAsync(IEnumerable<float[]> blocks, string language = "en")
        => Recognizer.Begin(language).ReadAsync(RealClips.Stream(blocks), TestContext.Current.CancellationToken).ToListAsync();

    /// <summary>Words in lower case without punctuation.</summary>
    public static string[] WordsOf(string text) => [.. text.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries)
        .Select(word => new string([.. word.Where(char.IsLetterOrDigit)]).ToLowerInvariant()).Where(word => word.Length > 0)];

    public static string[] WordsOf(IEnumerable<SpeechSegment> segments)
        => WordsOf(string.Join(' ', segments.Select(segment => segment.Text)));

    /// <summary>Number of words that must be replaced, inserted or deleted to turn the first list into the second.</summary>
    public static int Errors(string[] expected, string[] found)
    {
        var row = Enumerable.Range(0, found.Length + 1).ToArray();
        for (var i = 1; i <= expected.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= found.Length; j++)
                (diagonal, row[j]) = (row[j],
                    Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (expected[i - 1] == found[j - 1] ? 0 : 1)));
        }
        return row[^1];
    }

    public void Dispose()
    {
        if (_recognizer.IsValueCreated)
            _recognizer.Value.Dispose();
        if (_transcriber.IsValueCreated)
            _transcriber.Value.Dispose();
    }
}
