using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Combined;

/// <summary>Chooses the videos in which everything that a query joins is looked for in full. docs/pipeline.md.</summary>
internal sealed class CandidateVideos(ClipReader reader, FragmentSources best, VideoSearchOptions limits)
{
    /// <param name="least">Lowest level of a match that counts.</param>
    /// <returns>The scope itself where it is small. Else those of its videos in which the seeds of the query have their best
    /// matches.</returns>
    public async Task<SearchScope> OfAsync(
        CombinedQuery query, OptionOperator combine, SearchScope scope, MatchLevel least, CancellationToken cancellationToken)
    {
        var tables = TablesOf(query);
        if (await AreFewAsync(tables, scope, cancellationToken))
            return scope;
        var scores = new Dictionary<string, double>();
        foreach (var seed in Seeds.Of(query, combine))
            foreach (var fragment in await best.FindAsync(seed, scope, least, cancellationToken))
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

    /// <summary>As many of the first videos as have rows for one look; one at least.</summary>
    private async Task<List<string>> WithinAsync(
        SearchTable table, SearchScope scope, List<string> videos, CancellationToken cancellationToken)
    {
        var sizes = await reader.CountRowsOfAsync(table, scope, videos, cancellationToken);
        var left = (long)limits.CurveFrames;
        return [.. videos.TakeWhile((video, place) => (left -= sizes.GetValueOrDefault(video)) >= 0 || place == 0)];
    }

    private static IReadOnlyList<SearchTable> TablesOf(CombinedQuery query)
        => [.. query.Leaves().SelectMany(leaf => leaf.Options).Distinct().SelectMany(TablesOf).Distinct()];

    /// <summary>Where an option looks. Sounds belong to the option visual. Logos are read in the text on screen and seen in parts of
    /// pictures.</summary>
    private static IEnumerable<SearchTable> TablesOf(string option) => option switch
    {
        IndexOptions.Visual => [SearchTable.Frames, SearchTable.Sounds],
        IndexOptions.Logo => [SearchTable.Segments, SearchTable.Regions],
        _ => [SearchTable.Segments],
    };
}
