using Pgvector;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>Source of a text segment. Stored as lower-case text.</summary>
public enum TextSource
{
    Speech,
    Screen,
}

/// <summary>Text that was spoken or visible in a time range of a video.</summary>
public sealed class TextSegment
{
    public long Id { get; init; }
    public required string IndexId { get; init; }
    public required string VideoId { get; init; }
    public TextSource Source { get; init; }

    /// <summary>Position within the video and source, from 0.</summary>
    public int Number { get; init; }

    /// <summary>Seconds.</summary>
    public double Start { get; init; }
    public double End { get; init; }

    /// <summary>The original text, as provided or recognised.</summary>
    public required string Text
    {
        get;
        init
        {
            field = value;
            Words = PlainWords.Column(value);
        }
    }

    /// <summary>Words of <see cref="Text"/> in the format of <see cref="PlainWords.Column"/>, for searches only.</summary>
    public string Words { get; private init; } = "";

    /// <summary>Language code (ISO 639-1 if it exists): detected by the speech model, or that of the task. Selects the stemmer.</summary>
    public required string Language { get; init; }

    /// <summary>Unit vector. Column type halfvec; the text model sets the number of dimensions at the first start.</summary>
    public required HalfVector Embedding { get; init; }
}
