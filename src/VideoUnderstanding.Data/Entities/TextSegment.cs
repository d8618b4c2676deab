using Pgvector;
using VideoUnderstanding.Data.Words;

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

    /// <summary>As it was received or recognised.</summary>
    public required string Text
    {
        get;
        init
        {
            field = value;
            Words = PlainWords.Column(value);
        }
    }

    /// <summary>Words of <see cref="Text"/> as <see cref="PlainWords.Column"/> writes them; only searched. Null in a row of an older
    /// version until <see cref="NormalColumns"/> fills it.</summary>
    public string? Words { get; private init; }

    /// <summary>Code of the language (ISO 639-1 where it has one): detected by the speech model, or that of the task. Decides how words are
    /// reduced to their stems.</summary>
    public required string Language { get; init; }

    /// <summary>halfvec, unit length; its length is set by the text model at first start.</summary>
    public required HalfVector Embedding { get; init; }
}
