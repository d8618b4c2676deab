namespace VideoUnderstanding.Inference.Text;

/// <summary>Turns a text into the token ids that a sentence model reads.</summary>
internal interface ITextTokenizer
{
    /// <summary>Id that fills a shorter text of a batch.</summary>
    int Padding { get; }

    /// <summary>The tokens of a text, including those at its beginning and end. A text that is too long is cut.</summary>
    long[] Encode(string text);
}
