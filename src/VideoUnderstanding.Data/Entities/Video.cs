using System.Text.Json;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A video of an index. Created together with its task; probing adds the media information.</summary>
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

    /// <summary><see cref="NormalForm"/> of the file name, for filters only.</summary>
    public string NormalFilename { get; private set; } = "";

    /// <summary><see cref="NormalForm"/> of the title, for filters only; null without a title.</summary>
    public string? NormalTitle { get; private set; }

    /// <summary>Seconds; null until probed, like the next three.</summary>
    public double? Duration { get; set; }
    public double? FramesPerSecond { get; set; }
    public int? Width { get; set; }
    public int? Height { get; set; }

    /// <summary>Size in bytes; null until the video is received.</summary>
    public long? Size { get; set; }

    /// <summary>Bytes of the kept pictures (<see cref="Storage.StoredFiles.PicturesKey"/>); null without them.</summary>
    public long? PicturesSize { get; set; }

    /// <summary>SHA-256 of the file, hexadecimal; null until the video is received.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Custom fields by name, with text, number or boolean values. Stored as jsonb.</summary>
    public JsonDocument? CustomMetadata
    {
        get;
        set
        {
            field = value;
            NormalCustomMetadata = value is null ? null : JsonDocument.Parse(NormalFields.Of(value));
        }
    }

    /// <summary><see cref="NormalFields"/> of the custom fields, for filters only.</summary>
    public JsonDocument? NormalCustomMetadata { get; private set; }

    /// <summary>True if the video was uploaded with <c>disable_video_stream</c>, which disables playback.</summary>
    public bool IsStreamDisabled { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Completion time of indexing; null before. Only completed videos are counted.</summary>
    public DateTimeOffset? IndexedAt { get; set; }

    /// <summary>Commit time of the last chunk while the video is being indexed; the committed part is searchable. Null before the first
    /// chunk and after indexing has ended.</summary>
    public DateTimeOffset? PartlyIndexedAt { get; set; }
}

public static class VideoQueries
{
    /// <summary>Returns completely indexed videos, the only ones that are counted.</summary>
    public static IQueryable<Video> Indexed(this IQueryable<Video> videos) => videos.Where(video => video.IndexedAt != null);

    /// <summary>Returns completely or partly indexed videos, which searches include.</summary>
    public static IQueryable<Video> Searchable(this IQueryable<Video> videos)
        => videos.Where(video => video.IndexedAt != null || video.PartlyIndexedAt != null);
}
