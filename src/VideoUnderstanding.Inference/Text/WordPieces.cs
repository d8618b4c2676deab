using Microsoft.ML.Tokenizers;

namespace VideoUnderstanding.Inference.Text;

/// <summary>BERT's word pieces between [CLS] and [SEP].</summary>
internal sealed class WordPieces
{
    private readonly BertTokenizer _pieces;
    private readonly bool _lowerCase;
    private readonly int _maxLength;

    /// <param name="maxLength">Tokens of a text at most, [CLS] and [SEP] included; the rest of a longer text is not read.</param>
    public WordPieces(string vocabulary, bool lowerCase, int maxLength)
    {
        _pieces = BertTokenizer.Create(vocabulary, new BertOptions
        {
            LowerCaseBeforeTokenization = lowerCase,
            // A text that says [SEP] means the characters.
            SplitOnSpecialTokens = false,
        });
        (_lowerCase, _maxLength) = (lowerCase, maxLength);
    }

    public int Padding => _pieces.PaddingTokenId;

    public long[] Encode(string text)
    {
        // Accents go with the capitals, as in BERT's own tokenizer; the library would leave them, having no ICU here.
        var pieces = _pieces.EncodeToIds(_lowerCase ? CanonicalForms.WithoutMarks(text.ToLowerInvariant()) : text, addSpecialTokens: false);
        return [_pieces.ClassificationTokenId, .. pieces.Take(_maxLength - 2).Select(id => (long)id), _pieces.SeparatorTokenId];
    }
}
