namespace VideoUnderstanding.Inference.Speech;

/// <summary>The words of a window. Times are seconds from the start of the stream.</summary>
/// <param name="Words">Empty if all text was rejected.</param>
/// <param name="Language">The language in which the window was transcribed.</param>
/// <param name="Detected">See <see cref="WindowTranscript.Detected"/>.</param>
internal sealed record WindowResult(IReadOnlyList<SpokenWord> Words, string Language, DetectedLanguage? Detected);

/// <summary>Decodes a window: first greedy, then with more context, then with beam search if the result is poor. Drops text that was not
/// spoken.</summary>
internal sealed class WindowDecoder(WhisperNetTranscriber transcriber, SpeechSettings settings, VoiceActivitySettings voice)
{
    /// <summary>Samples of silence before and after the window: the model misses first words that start at once.</summary>
    public const int Silence = WhisperNetTranscriber.SampleRate / 5;

    /// <summary>Samples of silence around a window that is decoded again. More silence makes quiet first words clearer.</summary>
    private const int RetrySilence = WhisperNetTranscriber.SampleRate / 2;

    private int Padding => (int)((long)voice.SpeechPadMs * WhisperNetTranscriber.SampleRate / 1000);

    public async Task<WindowResult> DecodeAsync(SpeechWindow window, string language, CancellationToken cancellationToken)
    {
        var seconds = window.SpeechLength / (double)WhisperNetTranscriber.SampleRate;
        var first = await DecodeAsync(window, language, Decoding.Greedy, cancellationToken);
        var best = first;
        if (!HallucinationRules.IsGood(best, seconds, settings.RetryLogProbability, settings))
        {
            // More context improves quiet and noisy speech, but neither ends a loop nor replaces a description.
            if (HallucinationRules.IsPlausible(best, seconds, settings))
                best = Better(best, await DecodeAsync(window, language, Decoding.Careful, cancellationToken));
            if (!HallucinationRules.IsGood(best, seconds, settings.BeamLogProbability, settings))
                best = Better(best, await DecodeAsync(window, language, Decoding.Beam, cancellationToken));
        }
        // The library's own fallback ignores the compression ratio.
        if (HallucinationRules.IsLoop(best, settings))
            best = await DecodeAsync(window, language, Decoding.Sampled, cancellationToken);
        if (HallucinationRules.FindRule(best, seconds, settings) != HallucinationRule.None)
            return new WindowResult([], language, first.Detected);
        var words = WordTimes.Place(HallucinationRules.WithoutDescriptions(best.Words), window, Padding, WhisperNetTranscriber.SampleRate);
        return new WindowResult(words, language, first.Detected);
    }

    private async Task<WindowTranscript> DecodeAsync(
        SpeechWindow window, string language, Decoding decoding, CancellationToken cancellationToken)
    {
        var silence = decoding == Decoding.Greedy ? Silence : RetrySilence;
        var end = (silence + window.Length - Padding) / (double)WhisperNetTranscriber.SampleRate;
        var heard = await transcriber.DecodeAsync(window.Sound(silence), end, language, decoding, cancellationToken);
        return heard.Earlier(silence / (double)WhisperNetTranscriber.SampleRate);
    }

    /// <summary>Prefers a result that is no loop, then one with spoken words, then one without descriptions, then a complete one, then the
    /// higher log probability. The model describes noisy speech as <c>[speaking in foreign language]</c> with a high log probability, which
    /// is worse than a text with errors.</summary>
    private WindowTranscript Better(WindowTranscript first, WindowTranscript second)
        => new[] { second, first }.MaxBy(result => (
            !HallucinationRules.IsLoop(result, settings), HallucinationRules.HasSpeech(result), !HallucinationRules.HasDescription(result),
            result.IsComplete, result.LogProbability))!;
}
