using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.Text;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>CLIP's byte-pair tokens: lower-cased words with an end-of-word mark, between a start and an end token, padded to a fixed
/// length.</summary>
/// <remarks>The names of the start and end tokens inside a text become these tokens, as in the reference implementation.</remarks>
internal sealed partial class ClipTokenizer : ICaptionTokenizer
{
    private const string StartToken = "<|startoftext|>";
    private const string EndToken = "<|endoftext|>";
    private readonly BpeTokenizer _words;
    private readonly int _start;
    private readonly int _end;
    private readonly int _padding;

    private ClipTokenizer(BpeTokenizer words, int contextLength, int? padding)
    {
        (_words, ContextLength) = (words, contextLength);
        (_start, _end) = (words.Vocabulary[StartToken], words.Vocabulary[EndToken]);
        _padding = padding ?? _end;
    }

    /// <summary>Tokens per text, including start, end and padding.</summary>
    public int ContextLength { get; }

    /// <param name="padding">Token after the end; null: the end token again.</param>
    /// <exception cref="ManifestException">The vocabulary lacks CLIP's start or end token.</exception>
    public static ClipTokenizer Load(string vocabulary, string merges, int contextLength, int? padding)
    {
        var words = BpeTokenizer.Create(new BpeOptions(vocabulary, merges)
        {
            EndOfWordSuffix = "</w>",
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Word(), null),
        });
        return words.Vocabulary.ContainsKey(StartToken) && words.Vocabulary.ContainsKey(EndToken)
            ? new ClipTokenizer(words, contextLength, padding)
            : throw new ManifestException($"{vocabulary} has no {StartToken} and {EndToken}: it is no vocabulary of CLIP.");
    }

    /// <summary>Writes the tokens of a text. A text that is too long is cut and keeps its end token.</summary>
    /// <param name="ids"><see cref="ContextLength"/> places.</param>
    /// <returns>The number of tokens before the padding.</returns>
    public int Encode(string text, Span<long> ids)
    {
        List<int> words = [.. SpecialToken().Split(CanonicalForms.Compose(text).ToLowerInvariant()).SelectMany(part => part switch
        {
            StartToken => [_start],
            EndToken => [_end],
            _ => _words.EncodeToIds(part),
        })];
        var kept = Math.Min(words.Count, ids.Length - 2);
        ids[0] = _start;
        for (var i = 0; i < kept; i++)
            ids[i + 1] = words[i];
        ids[kept + 1] = _end;
        ids[(kept + 2)..].Fill(_padding);
        return kept + 2;
    }

    /// <summary>The group keeps these tokens among the parts of a split.</summary>
    [GeneratedRegex(@"(<\|startoftext\|>|<\|endoftext\|>)")]
    private static partial Regex SpecialToken();

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+", RegexOptions.IgnoreCase)]
    private static partial Regex Word();
}
