using System.Text.Json.Serialization;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Response of search and searchPage. CONTRACT 7.2.</summary>
/// <param name="Data">Clips, or groups of clips.</param>
/// <param name="Query">The plain text of the request, on the first page only; null for combined queries. The same applies to the next two
/// members.</param>
public sealed record SearchResponse(
    SearchPoolDto SearchPool,
    IReadOnlyList<object> Data,
    SearchPageInfoDto PageInfo,
    string? Query = null,
    IReadOnlyList<string>? SearchOptions = null,
    string? ConversationOption = null)
{
    /// <param name="thumbnail">Address of a picture by video and time; null when the index has no thumbnails.</param>
    public static SearchResponse From(AnswerPage<SearchResult> page, Func<string, double, string>? thumbnail)
    {
        var answer = page.Answer;
        var clips = (ResultItem item) => item.Clips.Select(clip => ClipDto.From(clip, answer.ShowsModules, thumbnail)).ToList();
        return new SearchResponse(
            new SearchPoolDto(answer.Pool.IndexId, answer.Pool.TotalCount, answer.Pool.TotalDuration, answer.Pool.Indexing),
            answer.Grouping == ResultGrouping.Video
                ? [.. answer.Items.Select(item => new VideoGroupDto(item.VideoId, clips(item)))]
                : [.. answer.Items.SelectMany(clips)],
            SearchPageInfoDto.From(page));
    }

    /// <summary>Adds the query of the request. A combined query is not added.</summary>
    public SearchResponse Echo(TextQuery? query) => query is null
        ? this
        : this with
        {
            Query = query.Text,
            SearchOptions = query.Options,
            ConversationOption = query.Conversation == ConversationMatching.ExactMatch ? "exact_match" : "semantic",
        };
}

/// <summary>The indexed videos of the index; the duration is in seconds.</summary>
/// <param name="Indexing">Number of videos that are being indexed. An extension to CONTRACT.</param>
public sealed record SearchPoolDto(string IndexId, int TotalCount, double TotalDuration, int Indexing);

/// <summary>Position of a page. The last page has no next token. CONTRACT 7.6.</summary>
public sealed record SearchPageInfoDto(
    int LimitPerPage,
    int TotalResults,
    [property: JsonConverter(typeof(WholeSecondTimes))] DateTimeOffset PageExpiredAt,
    string? NextPageToken,
    string? PrevPageToken)
{
    public static SearchPageInfoDto From<T>(AnswerPage<T> page)
        => new(page.Limit, page.Total, page.ExpiresAt, page.Next?.ToString(), page.Previous?.ToString());
}

/// <summary>All clips of one video, ordered by descending score.</summary>
public sealed record VideoGroupDto(string Id, IReadOnlyList<ClipDto> Clips);

/// <summary>A clip. Times are in seconds.</summary>
public sealed record ClipDto(
    double Score,
    double Start,
    double End,
    string VideoId,
    IReadOnlyList<MatchMetadataDto> Metadata,
    string Confidence,
    IReadOnlyList<ModuleDto>? Modules,
    string? ThumbnailUrl)
{
    public static ClipDto From(ClipMatch clip, bool showsModules, Func<string, double, string>? thumbnail) => new(
        clip.Score,
        Math.Round(clip.Start, 3),
        Math.Round(clip.End, 3),
        clip.VideoId,
        [.. clip.Matches.Select(match => new MatchMetadataDto(match.Option, match.Text))],
        Level(clip.Score),
        showsModules ? Module(clip) : null,
        thumbnail?.Invoke(clip.VideoId, (clip.Start + clip.End) / 2));

    private static IReadOnlyList<ModuleDto> Module(ClipMatch clip)
        => [.. clip.Matches.GroupBy(match => match.Option)
            .Select(option => new ModuleDto(option.Key, Level(option.Max(match => match.Score))))];

    private static string Level(double score) => MatchLevels.Of(score).ToString().ToLowerInvariant();
}

/// <summary>A match of one option. Visual matches have no text.</summary>
public sealed record MatchMetadataDto(string Type, string? Text);

/// <summary>The confidence of one option.</summary>
public sealed record ModuleDto(string Type, string Confidence);
