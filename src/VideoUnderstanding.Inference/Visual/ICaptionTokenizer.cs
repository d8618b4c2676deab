namespace VideoUnderstanding.Inference.Visual;

/// <summary>Turns a caption into the token ids that the text network of a visual-text model reads.</summary>
internal interface ICaptionTokenizer
{
    /// <summary>Tokens of every caption, including special tokens and padding.</summary>
    int ContextLength { get; }

    /// <summary>Writes the tokens of a caption. A caption that is too long is cut and keeps its end token.</summary>
    /// <param name="ids"><see cref="ContextLength"/> places.</param>
    /// <returns>The number of tokens before the padding.</returns>
    int Encode(string text, Span<long> ids);
}
