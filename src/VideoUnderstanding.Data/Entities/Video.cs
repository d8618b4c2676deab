using System.Text.Json;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A video of an index. Made together with its task; technical facts follow once it has been probed.</summary>
public sealed class Video : IOwned
{
    public required string Id { get; init; }
    public required string AccountId { get; init; }
    public required string IndexId { get; init; }
    public required string Filename
    {
        get;
        set
        {
            field = value;
            NormalFilename = NormalForm.Of(value);
        }
    }

    public string? Title
    {
        get;
        set
        {
            field = value;
            NormalTitle = value is null ? null : NormalForm.Of(value);
        }
    }

    /// <summary><see cref="NormalForm"/> of the file name; only filtered. Null in a row of an older version until
    /// <see cref="NormalColumns"/> fills it.</summary>
    public string? NormalFilename { get; private set; }

    /// <inheritdoc cref="NormalFilename"/>
    public string? NormalTitle { get; private set; }

    /// <summary>Seconds; null until probed. The same holds for the next three.</summary>
    public double? Duration { get; set; }
    public double? FramesPerSecond { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }

    /// <summary>Bytes; null while a video given by address has not been fetched.</summary>
    public long? Size { get; set; }

    /// <summary>SHA-256 of the file, hexadecimal; null while it has not been fetched.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Custom fields by name: text, number or boolean values only. Stored as jsonb.</summary>
    public JsonDocument? CustomMetadata
    {
        get;
        set
        {
            field = value;
            NormalCustomMetadata = value is null ? null : JsonDocument.Parse(NormalFields.Of(value));
        }
    }

    /// <summary><see cref="NormalFields"/> of the custom fields; only filtered.</summary>
    public JsonDocument? NormalCustomMetadata { get; private set; }

    /// <summary>True if the video was uploaded with <c>disable_video_stream</c>: it is not offered for playing.</summary>
    public bool IsStreamDisabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>When indexing finished; only from then on is the video counted.</summary>
    public DateTimeOffset? IndexedAt { get; set; }

    /// <summary>When the last chunk of a video that is still being indexed was committed: what is indexed so far is searched. Null before
    /// the first chunk, and after indexing has ended.</summary>
    public DateTimeOffset? PartlyIndexedAt { get; set; }
}
