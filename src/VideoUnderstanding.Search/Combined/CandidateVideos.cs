using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Combined;

/// <summary>Selects the videos in which all texts of a combined query are searched completely. docs/pipeline.md.</summary>
internal sealed class CandidateVideos(ClipReader reader, FragmentSources best, VideoSearchOptions limits)
{
    /// <param name="minLevel">Minimum level of a match.</param>
    /// <returns>The scope itself if it is small; otherwise the scope limited to the videos with the best matches of the query's
    /// seeds.</returns>
    public async Task<SearchScope> OfAsync(
        CombinedQuery query, OptionOperator combine, SearchScope scope, MatchLevel minLevel, CancellationToken cancellationToken)
    {
        var tables = TablesOf(query);
        if (await AreFewAsync(tables, scope, cancellationToken))
            return scope;
        var scores = new Dictionary<string, double>();
        foreach (var seed in Seeds.Of(query, combine))
            foreach (var fragment in await best.FindAsync(seed, scope, minLevel, cancellationToken))
                scores[fragment.VideoId] = Math.Max(fragment.Score, scores.GetValueOrDefault(fragment.VideoId));
        List<string> videos = [.. scores.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => pair.Key)];
        foreach (var table in tables)
            videos = await WithinAsync(table, scope, videos, cancellationToken);
        return scope with { Filter = new([.. scope.Filter.Conditions, new VideoIsOneOf(videos)]) };
    }

    private async Task<bool> AreFewAsync(IReadOnlyList<SearchTable> tables, SearchScope scope, CancellationToken cancellationToken)
    {
        foreach (var table in tables)
            if (!await reader.IsSmallAsync(table, scope, null, cancellationToken))
                return false;
        return true;
    }

    /// <summary>Takes videos from the start of the list while their rows fit into CurveFrames; at least one video.</summary>
    private async Task<List<string>> WithinAsync(
        SearchTable table, SearchScope scope, List<string> videos, CancellationToken cancellationToken)
    {
        var sizes = await reader.CountRowsOfAsync(table, scope, videos, cancellationToken);
        var left = (long)limits.CurveFrames;
        return [.. videos.TakeWhile((video, place) => (left -= sizes.GetValueOrDefault(video)) >= 0 || place == 0)];
    }

    private static IReadOnlyList<SearchTable> TablesOf(CombinedQuery query)
        => [.. query.Leaves().SelectMany(leaf => leaf.Options).Distinct().SelectMany(TablesOf).Distinct()];

    /// <summary>Tables that an option searches. Sounds belong to the option visual; logos are found as text on screen and as frame
    /// regions.</summary>
    private static IEnumerable<SearchTable> TablesOf(string option) => option switch
    {
        IndexOptions.Visual => [SearchTable.Frames, SearchTable.Sounds],
        IndexOptions.Logo => [SearchTable.Segments, SearchTable.Regions],
        _ => [SearchTable.Segments],
    };
}
