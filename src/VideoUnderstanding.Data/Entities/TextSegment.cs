using Pgvector;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Where a text segment was found. Stored as lower-case text.</summary>
public enum TextSource
{
    Speech,
    Screen,
}

/// <summary>Words that were spoken or shown in a video over a stretch of time.</summary>
public sealed class TextSegment
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }
    public TextSource Source { get; init; }

    /// <summary>Order inside the video and source, from 0.</summary>
    public int Number { get; init; }

    /// <summary>Seconds.</summary>
    public double Start { get; init; }
    public double End { get; init; }

    public required string Text { get; init; }

    /// <summary>Two-letter code (ISO 639-1) of the language that the video was said to be in; decides how words are reduced to their stems.</summary>
    public required string Language { get; init; }

    /// <summary>halfvec, unit length; its length is set by the text model at first start.</summary>
    public required HalfVector Embedding { get; init; }
}
