using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Whisper's encoder and decoder: features of several windows in, their transcripts out.</summary>
internal sealed class WhisperNetwork : IDisposable
{
    private readonly WhisperFiles _files;
    private readonly OnnxSession _encoder;
    private readonly DecoderGraph _decoder;
    private readonly TimestampRules _rules;
    private readonly int[] _languages;

    private WhisperNetwork(WhisperFiles files, OnnxSession encoder, DecoderGraph decoder)
    {
        (_files, _encoder, _decoder) = (files, encoder, decoder);
        _rules = new TimestampRules(files.Config, files.Tokenizer.FirstTimestamp, decoder.VocabularySize, files.Tokenizer.IsSpecial);
        _languages = [.. files.Config.Languages.Values.Where(token => token < decoder.VocabularySize)];
    }

    /// <exception cref="ModelUnavailableException">A file is missing or does not load.</exception>
    public static WhisperNetwork Load(WhisperFiles files, ManifestRole role, OnnxSessions sessions)
    {
        var encoder = WhisperFiles.OpenEncoder(role, sessions);
        try
        {
            return new WhisperNetwork(files, encoder, files.OpenDecoder(role, sessions));
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <param name="features">One chunk's features after the other.</param>
    /// <param name="language">Language token to use in all rows; null lets each row tell its own.</param>
    /// <param name="usual">Language token for rows that can not tell theirs.</param>
    public async Task<IReadOnlyList<WhisperAnswer>> TranscribeAsync(
        float[] features, int rows, int? language, int? usual, CancellationToken cancellationToken)
    {
        using var sound = await EncodeAsync(features, rows, cancellationToken);
        var answers = new WhisperAnswer[rows];
        var open = Enumerable.Range(0, rows).ToList();
        var languages = Enumerable.Repeat(language, rows).ToArray();
        foreach (var temperature in _files.Settings.Temperatures)
        {
            using var part = open.Count == rows ? null : Tensors.Rows(sound, open);
            var tries = await DecodeAsync(part ?? sound, [.. open.Select(row => languages[row])], usual, temperature, cancellationToken);
            for (var i = 0; i < open.Count; i++)
                (answers[open[i]], languages[open[i]]) = (tries[i], tries[i].Language);
            open.RemoveAll(row => !answers[row].Transcript.IsDoubtful(_files.Settings));
            if (open.Count == 0)
                break;
        }
        return answers;
    }

    private async Task<OrtValue> EncodeAsync(float[] features, int rows, CancellationToken cancellationToken)
    {
        var (name, meta) = _encoder.Inputs.Single();
        using var input = Tensors.Floats(features, [rows, _files.Mel.Bins, _files.Mel.Frames], meta.ElementDataType);
        var outputs = await _encoder.RunAsync(new Dictionary<string, OrtValue> { [name] = input }, [_encoder.OutputNames[0]], cancellationToken);
        return outputs[0];
    }

    private async Task<WhisperAnswer[]> DecodeAsync(
        OrtValue sound, int?[] languages, int? usual, double temperature, CancellationToken cancellationToken)
    {
        var rows = languages.Length;
        using var state = await _decoder.BeginAsync(sound, rows, _files.Config.Start, cancellationToken);
        var noSpeech = state.Logits.Select(row => Probability(row, _files.Tokenizer.NoSpeech)).ToArray();
        if (_files.Config.Transcribe is { } transcribe && _languages.Length > 0)
        {
            languages = [.. languages.Select((given, row) => given ?? TellLanguage(state.Logits[row], usual))];
            await _decoder.StepAsync(state, languages.Select(token => token!.Value), cancellationToken);
            await _decoder.StepAsync(state, Enumerable.Repeat(transcribe, rows), cancellationToken);
        }
        var choices = Enumerable.Range(0, rows).Select(row => new TokenChoice(_rules, _files.Config.EndOfText, temperature, row)).ToArray();
        var most = _files.Settings.MaxNewTokens > 0 ? _files.Settings.MaxNewTokens : _files.Config.MaxTokens / 2;
        for (var i = 0; ; i++)
        {
            for (var row = 0; row < rows; row++)
                choices[row].Choose(state.Logits[row]);
            if (i + 1 >= most || choices.All(choice => choice.IsDone))
                break;
            await _decoder.StepAsync(state, choices.Select(choice => choice.Last), cancellationToken);
        }
        return [.. choices.Select((choice, row) => new WhisperAnswer(
            new Transcript(choice.Tokens, _files.Tokenizer.Decode(choice.Tokens), choice.MeanLogProbability, noSpeech[row]), languages[row]))];
    }

    private int TellLanguage(float[] logits, int? usual)
    {
        var best = _languages.MaxBy(token => logits[token]);
        var peak = logits[best];
        var probability = 1 / _languages.Sum(token => Math.Exp(logits[token] - peak));
        return probability < _files.Settings.LanguageThreshold ? usual ?? best : best;
    }

    private static double Probability(float[] logits, int token)
    {
        var peak = TensorPrimitives.Max<float>(logits);
        return Math.Exp(logits[token] - peak) / logits.Sum(logit => Math.Exp(logit - peak));
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }
}

/// <summary>One window's transcript.</summary>
/// <param name="Language">Token of its language; null for models of English only.</param>
internal sealed record WhisperAnswer(Transcript Transcript, int? Language);
