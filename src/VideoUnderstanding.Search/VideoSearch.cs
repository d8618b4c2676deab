using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search;

/// <summary>Finds the clips of an index's videos that match a query.</summary>
public sealed class VideoSearch
{
    private readonly FragmentSources _best;
    private readonly FragmentSources _all;
    private readonly CandidateVideos _candidates;
    private readonly VideoSearchOptions _limits;
    private readonly Data.VideoDbContext _db;
    private readonly PreparedVectors _vectors;
    private readonly LogoFinder _logos;
    private readonly SnapshotConnections _connections;

    public VideoSearch(Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos, Confidence.IndexSamples samples,
        SideConnectionLimit sides, IOptions<VideoSearchOptions> options)
    {
        _vectors = new PreparedVectors(vectors);
        _connections = new SnapshotConnections(db, sides);
        _best = FragmentSources.Best(_connections, _vectors, logos, samples, options);
        _all = FragmentSources.All(_connections, _vectors, logos, samples, options);
        _candidates = new CandidateVideos(new ClipReader(_connections, options, samples), _best, options.Value);
        (_limits, _logos, _db) = (options.Value, logos, db);
    }

    /// <returns>The clips at or above the query's threshold, best first; at most <see cref="VideoSearchOptions.Clips"/>.</returns>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public Task<IReadOnlyList<ClipMatch>> FindAsync(SearchQuery query, CancellationToken cancellationToken)
        => InSnapshotAsync([query.Query], query.Scope, scope => FindAsync(query, scope, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(SearchQuery query, SearchScope within, CancellationToken cancellationToken)
    {
        var (sources, scope) = await SourcesAndScopeAsync(
            new LeafQuery(query.Query), query.Operator, within, query.Threshold, cancellationToken);
        var fragments = await sources.FindAsync(query.Query, scope, query.Threshold, cancellationToken);
        return LimitClips(ClipMerging.Merge(fragments, query.Operator, query.Query.Options), query.Threshold);
    }

    /// <summary>Finds clips for several texts joined by operators. CONTRACT, section 8. With threshold none, excluded texts still have to
    /// match in order to exclude.</summary>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public Task<IReadOnlyList<ClipMatch>> FindAsync(CombinedSearchQuery query, CancellationToken cancellationToken)
        => InSnapshotAsync(query.Query.Leaves(), query.Scope, scope => FindAsync(query, scope, cancellationToken), cancellationToken);

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(
        CombinedSearchQuery query, SearchScope within, CancellationToken cancellationToken)
    {
        var (sources, scope) = await SourcesAndScopeAsync(query.Query, query.Operator, within, query.Threshold, cancellationToken);
        var found = new Dictionary<TextQuery, List<Fragment>>(ReferenceEqualityComparer.Instance);
        foreach (var leaf in query.Query.Leaves())
            found[leaf] = await sources.FindAsync(leaf, scope, query.Threshold, cancellationToken);
        var clips = Evaluate(query, found, _ => false);
        if (query.Threshold == MatchLevel.None)
        {
            var excluded = query.Query.Excluded().ToHashSet<TextQuery>(ReferenceEqualityComparer.Instance);
            clips = CombinedEvaluation.Fill(clips, Evaluate(query, found, leaf => !excluded.Contains(leaf)));
        }
        return LimitClips(clips, query.Threshold);
    }

    private static IReadOnlyList<ClipMatch> Evaluate(
        CombinedSearchQuery query, Dictionary<TextQuery, List<Fragment>> found, Func<TextQuery, bool> takesEverything)
    {
        var leaves = new Dictionary<TextQuery, IReadOnlyList<ClipMatch>>(ReferenceEqualityComparer.Instance);
        foreach (var (leaf, fragments) in found)
            leaves[leaf] = ClipMerging.Merge(takesEverything(leaf) ? fragments : [.. fragments.Where(FragmentSources.IsMatch)],
                query.Operator, leaf.Options);
        return CombinedEvaluation.Evaluate(query.Query, leaves);
    }

    /// <summary>Returns the scores of the option visual around hits of a text, as a search computes them.</summary>
    /// <param name="hits">At least one. The curve is empty if the video is not searchable or is in another index.</param>
    /// <returns>One curve per hit; none if the index was deleted.</returns>
    /// <exception cref="Inference.ModelUnavailableException">A model of the option visual is missing.</exception>
    public Task<IReadOnlyList<HitCurve>> CurvesAsync(
        string indexId, string text, IReadOnlyList<HitRange> hits, CancellationToken cancellationToken)
        => InSnapshotAsync([new TextQuery(text, [IndexOptions.Visual])],
            new SearchScope(indexId, new VideoFilter([new VideoIsOneOf([.. hits.Select(hit => hit.VideoId).Distinct()])])),
            scope => _best.CurvesAsync(text, scope, hits, cancellationToken), cancellationToken);

    /// <summary>Returns the fragments of one role with their evidence, for calibration.</summary>
    /// <exception cref="Inference.ModelUnavailableException">A model of the role is missing.</exception>
    public async Task<IReadOnlyList<Fragment>> EvidenceAsync(
        string indexId, string text, Inference.Confidence.EvidenceRole role, CancellationToken cancellationToken)
    {
        var option = role.Model() == Inference.ModelRole.TextEmbedding ? IndexOptions.Conversation : IndexOptions.Visual;
        var found = await InSnapshotAsync([new TextQuery(text, [option])], new SearchScope(indexId, VideoFilter.None),
            scope => _best.ScoredAsync(role, text, scope, cancellationToken), cancellationToken);
        return [.. found.Where(fragment => fragment.Evidence is not null)];
    }

    /// <summary>A query with one text and option searches the whole scope and uses the best matches. Joined texts need all matches in the
    /// same videos: the best matches of each alone would rarely overlap, and exclusions would be incomplete.</summary>
    private async Task<(FragmentSources Sources, SearchScope Scope)> SourcesAndScopeAsync(
        CombinedQuery query, OptionOperator combine, SearchScope scope, MatchLevel minLevel, CancellationToken cancellationToken)
        => query is LeafQuery { Query.Options: var options } && (combine == OptionOperator.Or || options.Count == 1)
            ? (_best, scope)
            : (_all, await _candidates.OfAsync(query, combine, scope, minLevel, cancellationToken));

    /// <summary>Runs all statements of a search in one database snapshot, after the texts are embedded with the models of the index. If the
    /// index is switched to other models meanwhile, the search is repeated. An index that is deleted meanwhile gives no results.</summary>
    private async Task<IReadOnlyList<T>> InSnapshotAsync<T>(IEnumerable<TextQuery> queries, SearchScope scope,
        Func<SearchScope, Task<IReadOnlyList<T>>> search, CancellationToken cancellationToken)
    {
        var texts = queries.ToList();
        var hasLogos = texts.Any(text => text.Options.Contains(IndexOptions.Logo));
        while (true)
        {
            var profile = (await SearchTableStore.ReadAsync(_db, scope.IndexId, cancellationToken)).Profile;
            await _vectors.PrepareAsync(profile, texts, cancellationToken);
            if (hasLogos)
                await _logos.PrepareAsync(scope.IndexId, cancellationToken);
            if (await SearchTableStore.InSnapshotAsync<IReadOnlyList<T>?>(_db, scope.IndexId,
                async tables => tables.Profile == profile
                    ? await _connections.SharedAsync(() => search(scope with { Tables = tables }), cancellationToken) : null, () => [],
                cancellationToken) is { } found)
                return found;
        }
    }

    private List<ClipMatch> LimitClips(IEnumerable<ClipMatch> clips, MatchLevel threshold)
        => [.. clips.Where(clip => MatchLevels.Of(clip.Score) >= threshold).Take(_limits.Clips)];
}
