using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Text;

/// <summary>BERT's WordPiece tokens between [CLS] and [SEP].</summary>
/// <remarks>The library's own BertTokenizer drops $, +, = and other ASCII symbols, and keeps accents without ICU; so cleaning and splitting
/// are implemented here.</remarks>
internal sealed partial class WordPieces : ITextTokenizer
{
    /// <summary>Its name in the manifest.</summary>
    public const string Name = "wordpiece";

    private readonly WordPieceTokenizer _pieces;
    private readonly bool _lowerCase;
    private readonly int _maxLength;
    private readonly int _first;
    private readonly int _last;

    /// <param name="maxLength">Maximum tokens of a text, including [CLS] and [SEP]; the rest is cut off.</param>
    /// <exception cref="ManifestException">The vocabulary lacks one of BERT's tokens.</exception>
    public WordPieces(string vocabulary, bool lowerCase, int maxLength)
    {
        _pieces = WordPieceTokenizer.Create(vocabulary, new WordPieceOptions { PreTokenizer = new RegexPreTokenizer(Word(), null) });
        var tokens = File.ReadAllLines(vocabulary);
        int Find(string token)
            => Array.IndexOf(tokens, token) is >= 0 and var id ? id
                : throw new ManifestException($"{vocabulary} has no {token}: it is no vocabulary of BERT.");
        (_lowerCase, _maxLength, _first, _last, Padding) = (lowerCase, maxLength, Find("[CLS]"), Find("[SEP]"), Find("[PAD]"));
    }

    public int Padding { get; }

    /// <summary>The tokens of a text. [SEP] and the like inside it are read as plain characters.</summary>
    public long[] Encode(string text)
    {
        var clean = Invisible().Replace(text, "");
        var pieces = _pieces.EncodeToIds(_lowerCase ? CanonicalForms.WithoutMarks(clean.ToLowerInvariant()) : clean);
        return [_first, .. pieces.Take(_maxLength - 2).Select(id => (long)id), _last];
    }

    /// <summary>A single punctuation mark, a single ideograph (a surrogate pair beyond the first plane), or a run of anything
    /// else.</summary>
    [GeneratedRegex(
        @"[!-/:-@\[-`{-~\p{P}]|[\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF]|[\uD840-\uD87F][\uDC00-\uDFFF]|(?:(?![!-/"
            + @":-@\[-`{-~\p{P}\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\uD840-\uD87F])\S)+")]
    private static partial Regex Word();

    [GeneratedRegex(@"[\p{Cf}\uFFFD]|(?![\t\n\r])\p{Cc}")]
    private static partial Regex Invisible();
}
