using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.Server.Mcp;

/// <summary>What the tools answer: the members of the API's answers that an assistant needs, and no more. Times are seconds.</summary>
/// <param name="Total">Entries on all pages.</param>
/// <param name="NextPage">Null on the last page.</param>
public sealed record McpPageDto<T>(IReadOnlyList<T> Entries, int Total, int? NextPage);

/// <summary>An index. Counts and durations cover indexed videos only.</summary>
/// <param name="Options">What can be searched.</param>
public sealed record McpIndexDto(string Index, string Name, IReadOnlyList<string> Options, int VideoCount, double TotalDuration);

/// <summary>A video.</summary>
/// <param name="Name">Its title, or the name of its file.</param>
/// <param name="Duration">Null until the file has been read.</param>
/// <param name="Searchable">False while the video is being indexed, and after indexing failed.</param>
public sealed record McpVideoDto(string Video, string Name, double? Duration, DateTimeOffset UploadedAt, bool Searchable)
{
    public static McpVideoDto From(Video video)
        => new(video.Id, video.Title ?? video.Filename, video.Duration, video.CreatedAt, video.IndexedAt is not null);
}

/// <summary>Answer of search_videos.</summary>
/// <param name="Total">Moments that were found; the best of them are shown.</param>
public sealed record McpSearchDto(IReadOnlyList<McpHitDto> Moments, int Total);

/// <summary>A moment that was found.</summary>
/// <param name="Score">0 to 100, a little more where several options agree.</param>
/// <param name="FoundBy">The options that found it, with the words that were said or written.</param>
public sealed record McpHitDto(
    string Video, string VideoName, double Start, double End, double Score, string Confidence, IReadOnlyList<MatchMetadataDto> FoundBy)
{
    private const int MaxText = 500;

    public static McpHitDto From(ClipDto clip, string videoName) => new(
        clip.VideoId, videoName, clip.Start, clip.End, clip.Score, clip.Confidence,
        [.. clip.Metadata.Select(match => match with { Text = Short(match.Text) })]);

    private static string? Short(string? text) => text is { Length: > MaxText } ? $"{text[..MaxText]} ..." : text;
}

/// <summary>Words of a video in order of time, as many as one answer holds.</summary>
/// <param name="ContinueAt">Where to go on reading, as the argument start; null if nothing was left out.</param>
public sealed record McpTextDto(IReadOnlyList<TextSegmentDto> Segments, double? ContinueAt)
{
    /// <summary>Segments that one answer holds.</summary>
    public const int MaxSegments = 200;

    private const int MaxCharacters = 20_000;

    /// <param name="found">In order of time; one more than <see cref="MaxSegments"/> shows that there are more.</param>
    public static McpTextDto From(IReadOnlyList<TextSegmentDto> found)
    {
        var (held, characters) = (0, 0);
        while (held < Math.Min(found.Count, MaxSegments) && (characters += found[held].Value.Length) <= MaxCharacters)
            held++;
        // A single segment beyond the limit is shown in part, so that reading can go on behind it.
        if (held == 0 && found.Count > 0)
            return new McpTextDto(
                [found[0] with { Value = $"{found[0].Value[..MaxCharacters]} ..." }], found.Count > 1 ? found[1].Start : null);
        return new McpTextDto([.. found.Take(held)], held < found.Count ? found[held].Start : null);
    }
}

/// <summary>Answer of describe_moment: everything that is known of a stretch of a video.</summary>
/// <param name="Said">Null if the index does not have the option conversation. Likewise the next two with their options.</param>
public sealed record McpMomentDto(
    string Video, string VideoName, double Start, double End, McpTextDto? Said, McpTextDto? Written, IReadOnlyList<LogoSegmentDto>? Brands);
