using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.Server.Mcp;

/// <summary>A page of a tool result. Tool results have only the members that assistants need. Times are in seconds.</summary>
/// <param name="Total">Number of entries on all pages.</param>
/// <param name="NextPage">Null on the last page.</param>
public sealed record McpPageDto<T>(IReadOnlyList<T> Entries, int Total, int? NextPage);

/// <summary>An index. Counts and durations include indexed videos only.</summary>
/// <param name="Options">Search options of the index.</param>
public sealed record McpIndexDto(string Index, string Name, IReadOnlyList<string> Options, int VideoCount, double TotalDuration);

/// <summary>A video.</summary>
/// <param name="Name">Title, or file name without a title.</param>
/// <param name="Duration">Null before probing.</param>
/// <param name="Searchable">True if the video is indexed.</param>
public sealed record McpVideoDto(string Video, string Name, double? Duration, DateTimeOffset UploadedAt, bool Searchable)
{
    public static McpVideoDto From(Video video)
        => new(video.Id, video.Title ?? video.Filename, video.Duration, video.CreatedAt, video.IndexedAt is not null);
}

/// <summary>Result of search_videos.</summary>
/// <param name="Total">Number of moments found; only the best ones are returned.</param>
public sealed record McpSearchDto(IReadOnlyList<McpHitDto> Moments, int Total);

/// <summary>A moment of a search result.</summary>
/// <param name="Score">0 to 100; it can exceed 100 if several options match.</param>
/// <param name="FoundBy">The options that match, with the matching text.</param>
public sealed record McpHitDto(
    string Video, string VideoName, double Start, double End, double Score, string Confidence, IReadOnlyList<MatchMetadataDto> FoundBy)
{
    private const int MaxTextLength = 500;

    public static McpHitDto From(ClipDto clip, string videoName) => new(
        clip.VideoId, videoName, clip.Start, clip.End, clip.Score, clip.Confidence,
        [.. clip.Metadata.Select(match => match with { Text = Truncate(match.Text) })]);

    private static string? Truncate(string? text) => text is { Length: > MaxTextLength } ? $"{text[..MaxTextLength]} ..." : text;
}

/// <summary>Text segments of a video, ordered by time and limited in size.</summary>
/// <param name="ContinueAt">Value of the argument start for the remaining segments; null if there are none.</param>
public sealed record McpTextDto(IReadOnlyList<TextSegmentDto> Segments, double? ContinueAt)
{
    /// <summary>Maximum segments of a result.</summary>
    public const int MaxSegments = 200;

    private const int MaxCharacters = 20_000;

    /// <param name="found">Ordered by time. More than <see cref="MaxSegments"/> segments mean that there is a next part.</param>
    public static McpTextDto From(IReadOnlyList<TextSegmentDto> found)
    {
        var (count, characters) = (0, 0);
        while (count < Math.Min(found.Count, MaxSegments) && (characters += found[count].Value.Length) <= MaxCharacters)
            count++;
        // A first segment beyond the limit is truncated, so that the next part starts after it.
        if (count == 0 && found.Count > 0)
            return new McpTextDto(
                [found[0] with { Value = $"{found[0].Value[..MaxCharacters]} ..." }], found.Count > 1 ? found[1].Start : null);
        return new McpTextDto([.. found.Take(count)], count < found.Count ? found[count].Start : null);
    }
}

/// <summary>Result of describe_moment: all known data of an interval of a video.</summary>
/// <param name="Said">Speech; null if the index lacks the option conversation. The next two members depend on their options in the same
/// way.</param>
public sealed record McpMomentDto(
    string Video, string VideoName, double Start, double End, McpTextDto? Said, McpTextDto? Written, IReadOnlyList<LogoSegmentDto>? Brands);
