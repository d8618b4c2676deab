using Microsoft.ML.Tokenizers;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Text;

/// <summary>Tokens of XLM-RoBERTa and derived models: SentencePiece pieces between &lt;s&gt; and &lt;/s&gt;.</summary>
/// <remarks>The network numbers its tokens like fairseq: &lt;s&gt; 0, &lt;pad&gt; 1, &lt;/s&gt; 2, &lt;unk&gt; 3, then the pieces. The file
/// begins with &lt;unk&gt;, &lt;s&gt; and &lt;/s&gt;, so the id of a piece is one higher than in the file.</remarks>
internal sealed class XlmRobertaTokenizer : ITextTokenizer
{
    /// <summary>Its name in the manifest.</summary>
    public const string Name = "xlm_roberta";

    private const int Start = 0;
    private const int End = 2;
    private const int Unknown = 3;
    private readonly SentencePieceTokenizer _pieces;
    private readonly int _maxLength;

    /// <param name="model">A SentencePiece file (sentencepiece.bpe.model).</param>
    /// <param name="maxLength">Maximum tokens of a text, including &lt;s&gt; and &lt;/s&gt;.</param>
    /// <exception cref="ManifestException">The special tokens of the file are not those of XLM-RoBERTa.</exception>
    public XlmRobertaTokenizer(string model, int maxLength)
    {
        using var file = File.OpenRead(model);
        _pieces = SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false);
        if ((_pieces.UnknownId, _pieces.BeginningOfSentenceId, _pieces.EndOfSentenceId) is not (0, 1, 2))
            throw new ManifestException($"{model} does not begin with <unk>, <s> and </s>, so it is not a vocabulary of XLM-RoBERTa.");
        _maxLength = maxLength;
    }

    public int Padding => 1;

    public long[] Encode(string text)
    {
        List<long> ids = [Start];
        foreach (var piece in _pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false))
        {
            var id = piece == _pieces.UnknownId ? Unknown : (long)piece + 1;
            // SentencePiece writes one <unk> for a run of unknown characters.
            if (id == Unknown && ids[^1] == Unknown)
                continue;
            if (ids.Count == _maxLength - 1)
                break;
            ids.Add(id);
        }
        return [.. ids, End];
    }
}
