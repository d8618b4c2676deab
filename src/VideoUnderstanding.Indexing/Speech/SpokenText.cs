namespace VideoUnderstanding.Indexing.Speech;

/// <summary>Text as it is stored and searched. Times are seconds from the start of the video.</summary>
public sealed record SpokenText(double Start, double End, string Text)
{
    /// <summary>Code of the detected language. Null where the language of the task counts.</summary>
    public string? Language { get; init; }
}
