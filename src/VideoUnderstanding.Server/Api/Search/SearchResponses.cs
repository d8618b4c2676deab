using System.Text.Json.Serialization;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Answer of search and searchPage. CONTRACT 7.2.</summary>
/// <param name="Data">Clips, or groups of clips.</param>
/// <param name="Query">Echo of a plain text, on the first page only; null for combined queries. The same holds for the next two.</param>
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

    /// <summary>The answer to a new request tells what was asked, unless that was an object.</summary>
    public SearchResponse Echo(TextQuery? query) => query is null
        ? this
        : this with
        {
            Query = query.Text,
            SearchOptions = query.Options,
            ConversationOption = query.Conversation == ConversationMatching.ExactMatch ? "exact_match" : "semantic",
        };
}

/// <summary>The finished videos of the index; the duration is in seconds.</summary>
/// <param name="Indexing">Videos that are still being indexed. An addition to the contract.</param>
public sealed record SearchPoolDto(string IndexId, int TotalCount, double TotalDuration, int Indexing);

/// <summary>Where a page stands. A missing next token marks the end. CONTRACT 7.6.</summary>
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

/// <summary>All clips of one video, the best first.</summary>
public sealed record VideoGroupDto(string Id, IReadOnlyList<ClipDto> Clips);

/// <summary>A clip. Times are seconds.</summary>
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

/// <summary>What one option found; pictures have no text.</summary>
public sealed record MatchMetadataDto(string Type, string? Text);

/// <summary>How far one option is to be trusted.</summary>
public sealed record ModuleDto(string Type, string Confidence);
