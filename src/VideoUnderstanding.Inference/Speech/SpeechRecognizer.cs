using System.Runtime.CompilerServices;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Speech in a stream of mono samples as timed text, by Silero and Whisper. Memory does not grow with the length of the stream.</summary>
public sealed class SpeechRecognizer : IDisposable
{
    private readonly WhisperFiles _files;
    private readonly WhisperNetwork _network;
    private readonly VoiceActivity _voices;

    private SpeechRecognizer(WhisperFiles files, WhisperNetwork network, VoiceActivity voices) => (_files, _network, _voices) = (files, network, voices);

    /// <exception cref="ModelUnavailableException">A file or setting is missing or does not load.</exception>
    public static SpeechRecognizer Load(ManifestRole speech, ManifestRole voiceActivity, OnnxSessions sessions)
    {
        var files = WhisperFiles.Read(speech);
        var voices = VoiceActivity.Load(voiceActivity, sessions);
        try
        {
            if (voices.Settings.SampleRate != files.Mel.SampleRate)
                throw new ModelUnavailableException($"{voiceActivity.ModelId} hears {voices.Settings.SampleRate} samples a second and {speech.ModelId} {files.Mel.SampleRate}.");
            return new SpeechRecognizer(files, WhisperNetwork.Load(files, speech, sessions), voices);
        }
        catch
        {
            voices.Dispose();
            throw;
        }
    }

    /// <summary>Samples a second that the sound must have.</summary>
    public int SampleRate => _files.Mel.SampleRate;

    /// <param name="sound">Blocks of samples in -1..1, in order.</param>
    /// <param name="language">Two-letter code; null, or one that the model does not know, lets the model tell it.</param>
    /// <returns>Segments in order of time.</returns>
    public async IAsyncEnumerable<SpeechSegment> TranscribeAsync(
        IAsyncEnumerable<float[]> sound, string? language, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var run = new TranscriptionRun(_files, new WindowTranscriber(_files, _network, language).TranscribeAsync);
        var listener = _voices.Listen(_files.Mel.ChunkSeconds);
        await foreach (var block in sound.WithCancellation(cancellationToken))
        {
            var voices = await listener.AddAsync(block, cancellationToken);
            run.Hear(block, voices);
            while (run.IsFull)
            {
                foreach (var segment in await run.WriteAsync(cancellationToken))
                    yield return segment;
            }
            run.Forget(listener.Settled);
        }
        var last = await listener.FinishAsync(cancellationToken);
        run.Hear([], last);
        run.End();
        while (!run.IsEmpty)
        {
            foreach (var segment in await run.WriteAsync(cancellationToken))
                yield return segment;
        }
    }

    /// <summary>Sends sound through the networks as if somebody spoke in all of it. A trial: what it would write means nothing.</summary>
    public async Task TryAsync(float[] sound, CancellationToken cancellationToken)
    {
        var run = new TranscriptionRun(_files, new WindowTranscriber(_files, _network, null).TranscribeAsync);
        run.Hear(sound, [new VoiceRegion(0, sound.Length)]);
        run.End();
        while (!run.IsEmpty)
            await run.WriteAsync(cancellationToken);
    }

    public void Dispose()
    {
        _network.Dispose();
        _voices.Dispose();
    }
}
