using System.Runtime.CompilerServices;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference;

/// <summary>Result of a trial run of a role's model.</summary>
/// <param name="VectorLength">Numbers per vector; null for roles without vectors, or after a failure.</param>
/// <param name="Provider">CUDA or CPU, for speech with the native library in use; null after a failure.</param>
/// <param name="ItemsPerSecond">Speed of the trial; null after a failure.</param>
/// <param name="Unit">The counted items: frames, texts, seconds of sound.</param>
/// <param name="Failure">Null if the role works; otherwise a sentence with the cause and the remedy.</param>
public sealed record ModelCheckResult(
    ModelRole Role, string? ModelId, int? VectorLength, string? Provider, double? ItemsPerSecond, string Unit, string? Failure);

/// <summary>Loads the model of a role, runs it and measures its speed.</summary>
public sealed class ModelCheck(ModelSet models, OnnxSessions sessions, TimeProvider clock)
{
    private const int Texts = 32;
    private const int SoundSeconds = 5;

    /// <summary>Does not throw if a model fails; the result contains the failure.</summary>
    public async Task<ModelCheckResult> CheckAsync(ModelRole role, CancellationToken cancellationToken)
    {
        var unit = role switch
        {
            ModelRole.TextEmbedding => "texts",
            ModelRole.Speech or ModelRole.VoiceActivity or ModelRole.Sound => "seconds of sound",
            _ => "frames",
        };
        var known = models.Role(role);
        if (models.WhyUnavailable(role) is { } why)
            return new ModelCheckResult(role, known?.ModelId, null, null, null, unit, why);
        try
        {
            var (length, items, elapsed) = await TryAsync(role, cancellationToken);
            var provider = role == ModelRole.Speech ? models.Speech.Device : sessions.ProviderIn(known!.Folder) ?? OnnxSessions.Cpu;
            return new ModelCheckResult(role, known!.ModelId, length, provider, items / Math.Max(elapsed.TotalSeconds, 1e-6), unit, null);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new ModelCheckResult(role, known?.ModelId, null, null, null, unit,
                error is ModelUnavailableException or ManifestException
                    ? error.Message
                    : $"The {ManifestReader.NameOf(role)} model {known?.ModelId} failed when it was tried: {error.Message}");
        }
    }

    private Task<(int? Length, double Items, TimeSpan Elapsed)> TryAsync(ModelRole role, CancellationToken cancellationToken) => role switch
    {
        ModelRole.VisualText => TryVisualAsync(cancellationToken),
        ModelRole.TextEmbedding => TryTextAsync(cancellationToken),
        ModelRole.ScreenText => TryScreenTextAsync(cancellationToken),
        ModelRole.Speech => TrySpeechAsync(cancellationToken),
        ModelRole.Sound => TrySoundAsync(cancellationToken),
        _ => TryVoicesAsync(cancellationToken),
    };

    private async Task<(int?, double, TimeSpan)> TryVisualAsync(CancellationToken cancellationToken)
    {
        var visual = models.Visual;
        Frame[] frames = [.. Enumerable.Repeat(GreyFrame(), visual.BatchSize)];
        var words = await visual.EmbedTextsAsync(["a grey picture"], cancellationToken);
        var elapsed = await SecondRunAsync(() => visual.EmbedFramesAsync(frames, cancellationToken));
        return (words[0].Length, frames.Length, elapsed);
    }

    private async Task<(int?, double, TimeSpan)> TryTextAsync(CancellationToken cancellationToken)
    {
        var text = models.Text;
        string[] sentences = [.. Enumerable.Range(1, Texts)
            .Select(number => $"Sentence number {number} says how quickly sentences are read.")];
        var query = await text.EmbedQueryAsync(sentences[0], cancellationToken);
        var elapsed = await SecondRunAsync(() => text.EmbedPassagesAsync(sentences, cancellationToken));
        return (query.Length, sentences.Length, elapsed);
    }

    /// <summary>Bypasses voice detection, which would drop the silence.</summary>
    private async Task<(int?, double, TimeSpan)> TrySpeechAsync(CancellationToken cancellationToken)
    {
        var speech = models.Speech;
        var sound = new float[SoundSeconds * speech.SampleRate];
        return (null, SoundSeconds, await SecondRunAsync(() => speech.TryAsync(sound, cancellationToken)));
    }

    /// <summary>Uses quiet noise, because silent windows are not classified.</summary>
    private async Task<(int?, double, TimeSpan)> TrySoundAsync(CancellationToken cancellationToken)
    {
        var classifier = models.Sound;
        await models.SoundNames.CosinesAsync(["a bell rings"], cancellationToken);
        var windows = new float[SoundSeconds * classifier.Windows.SampleRate / classifier.Windows.Hop * classifier.Windows.Samples];
        var random = new Random(1);
        for (var i = 0; i < windows.Length; i++)
            windows[i] = (random.NextSingle() - 0.5f) / 50;
        return (null, SoundSeconds, await SecondRunAsync(() => classifier.ClassifyAsync(windows, cancellationToken)));
    }

    private async Task<(int?, double, TimeSpan)> TryVoicesAsync(CancellationToken cancellationToken)
    {
        var speech = models.Speech;
        var sampleRate = (int)models.Role(ModelRole.VoiceActivity)!.SettingsNode.Get("sample_rate").Count();
        var elapsed = await SecondRunAsync(async () =>
        {
            await foreach (var _ in speech.Begin("en").ReadAsync(Silence(sampleRate, cancellationToken), cancellationToken))
            {
            }
        });
        return (null, SoundSeconds, elapsed);
    }

    private async Task<(int?, double, TimeSpan)> TryScreenTextAsync(CancellationToken cancellationToken)
    {
        var reader = models.ScreenText;
        var (frame, line) = FrameWithBars();
        return (null, 1, await SecondRunAsync(() => reader.ReadAsync(frame, [line], cancellationToken)));
    }

    /// <summary>Measures the second run, because the first one also allocates memory and prepares kernels.</summary>
    private async Task<TimeSpan> SecondRunAsync(Func<Task> run)
    {
        await run();
        var started = clock.GetTimestamp();
        await run();
        return clock.GetElapsedTime(started);
    }

    private static Frame GreyFrame()
    {
        const int width = 640, height = 360;
        var pixels = new byte[width * height * 3];
        pixels.AsSpan().Fill(128);
        return new Frame(0, true, width, height, pixels);
    }

    /// <summary>Dark bars in a row, like a line of the letter l, so that there is something to recognise.</summary>
    private static (Frame Frame, TextBox Line) FrameWithBars()
    {
        var frame = GreyFrame();
        var line = new TextBox(100, 160, 300, 190);
        for (var y = line.Top; y < line.Bottom; y++)
            for (var x = line.Left; x < line.Right; x++)
                if (x / 5 % 3 == 0)
                    frame.Rgb.AsSpan((y * frame.Width + x) * 3, 3).Clear();
        return (frame, line);
    }

    private static async IAsyncEnumerable<float[]> Silence(int sampleRate, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var second = 0; second < SoundSeconds; second++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new float[sampleRate];
            await Task.Yield();
        }
    }
}
