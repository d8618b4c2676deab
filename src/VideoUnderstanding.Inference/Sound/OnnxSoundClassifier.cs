using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Sound;

/// <summary>Scores every class of sound in short windows of mono samples.</summary>
public sealed class OnnxSoundClassifier : IDisposable
{
    private readonly OnnxSession _session;

    private OnnxSoundClassifier(OnnxSession session, SoundClasses classes, SoundWindows windows)
        => (_session, Classes, Windows) = (session, classes, windows);

    public SoundClasses Classes { get; }

    public SoundWindows Windows { get; }

    /// <exception cref="ModelUnavailableException">A file does not load.</exception>
    /// <exception cref="ManifestException">A setting is missing, or a file does not fit the model.</exception>
    public static OnnxSoundClassifier Load(ManifestRole role, OnnxSessions sessions)
    {
        var settings = role.SettingsNode;
        var windows = new SoundWindows(
            (int)settings.Get("sample_rate").Count(), (int)settings.Get("window_samples").Count(), (int)settings.Get("hop_samples")
                .Count());
        var classes = SoundClasses.Read(role.PathOf(settings.Get("class_names").NonEmptyText()));
        // One run takes a few milliseconds, so more threads would cost more than they save.
        var session = sessions.OpenSmall(role.PathOf(settings.Get("sound_model").NonEmptyText()), concurrency: 2);
        var scores = session.Outputs.GetValueOrDefault("scores")?.Dimensions[^1];
        if (scores == classes.Count)
            return new OnnxSoundClassifier(session, classes, windows);
        session.Dispose();
        throw settings.Invalid($"names {classes.Count} classes, but the model scores {scores ?? 0}");
    }

    /// <param name="windows">Samples in -1..1, one window after another.</param>
    /// <returns>For each window one score per class, 0 to 1.</returns>
    public async Task<float[][]> ClassifyAsync(float[] windows, CancellationToken cancellationToken)
    {
        var count = windows.Length / Windows.Samples;
        using var waveform = OrtValue.CreateTensorValueFromMemory(windows, [count, Windows.Samples]);
        using var outputs = await _session.RunAsync(new Dictionary<string, OrtValue> { ["waveform"] = waveform }, ["scores"],
            cancellationToken);
        var scores = outputs[0].GetTensorDataAsSpan<float>();
        var byWindow = new float[count][];
        for (var i = 0; i < count; i++)
            byWindow[i] = scores.Slice(i * Classes.Count, Classes.Count).ToArray();
        return byWindow;
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>How sound is divided into windows for the model.</summary>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">Samples per window.</param>
/// <param name="Hop">Samples from the start of one window to the start of the next.</param>
public sealed record SoundWindows(int SampleRate, int Samples, int Hop)
{
    public double HopSeconds => (double)Hop / SampleRate;
}
