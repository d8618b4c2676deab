using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Tokens of SigLIP and SigLIP 2: SentencePiece pieces, an end token, and padding to a fixed length.</summary>
/// <remarks>The text is normalised as in the published evaluation code: lower case, no ASCII punctuation, single spaces.</remarks>
internal sealed partial class SiglipTokenizer : ICaptionTokenizer
{
    /// <summary>Its name in the manifest.</summary>
    public const string Name = "siglip";

    private readonly SentencePieceTokenizer _pieces;
    private readonly int _padding;

    /// <param name="model">A SentencePiece file: tokenizer.model (SigLIP 2) or spiece.model (SigLIP).</param>
    /// <param name="padding">Id of the tokens after the end token.</param>
    public SiglipTokenizer(string model, int contextLength, int padding)
    {
        using var file = File.OpenRead(model);
        _pieces = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        (ContextLength, _padding) = (contextLength, padding);
    }

    public int ContextLength { get; }

    public int Encode(string text, Span<long> ids)
    {
        var pieces = _pieces.EncodeToIds(Reduce(text), addBeginningOfSentence: false, addEndOfSentence: false);
        var kept = Math.Min(pieces.Count, ids.Length - 1);
        for (var i = 0; i < kept; i++)
            ids[i] = pieces[i];
        ids[kept] = _pieces.EndOfSentenceId;
        ids[(kept + 1)..].Fill(_padding);
        return kept + 1;
    }

    internal static string Reduce(string text) =>
        Spaces().Replace(Punctuation().Replace(text.Replace('_', ' '), "").ToLowerInvariant(), " ").Trim();

    [GeneratedRegex(@"[!-/:-@\[-`{-~]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
