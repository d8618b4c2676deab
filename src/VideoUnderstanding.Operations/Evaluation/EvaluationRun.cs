using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Reports;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation;

/// <summary>Evaluates one set with the models of one profile: indexes the videos, runs the queries and computes the figures.</summary>
internal static class EvaluationRun
{
    /// <summary>Name of the pooling method of the search.</summary>
    public const string Chosen = "frame curve";

    /// <summary>A span that covers at least this share of its video counts as the whole video.</summary>
    private const double WholeShare = 0.8;

    /// <param name="pooling">Also measures simpler pooling methods.</param>
    /// <param name="keep">Does not delete account, index and data folder.</param>
    public static async Task<ProfileReport> RunAsync(
        EvaluationBench bench, EvaluationSet set, bool pooling, bool keep, Action<string> onVideo, CancellationToken cancellationToken)
    {
        var index = new EvaluationIndex(bench.Services, set, keep);
        try
        {
            await index.FillAsync(onVideo, cancellationToken);
            var queries = Answerable(set.Queries, [.. index.Files.Values]);
            var runner = new QueryRunner(bench.Services, index);
            var outcomes = await runner.SearchAsync(queries, MatchLevel.Low, cancellationToken);
            return new ProfileReport(
                bench.Services.GetRequiredService<ManifestProfile>().Name, Models(bench.Services.GetRequiredService<ModelSet>()),
                index.Files.Count, index.LeftOut,
                set.Queries.Count - queries.Count,
                [.. outcomes.GroupBy(outcome => GroupOf(outcome.Query)).OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => GroupFigures.Compute(group.Key, [.. group]))],
                await runner.BestFramesAsync([.. queries.Where(query => query.Option == IndexOptions.Visual)], cancellationToken),
                pooling ? await PoolAsync(runner, set, queries, cancellationToken) : []);
        }
        finally
        {
            // The bench's own database is deleted as a whole.
            if (!keep && !bench.OwnsDatabase)
                await index.RemoveAsync(CancellationToken.None);
        }
    }

    /// <summary>The queries with their right spans in the indexed videos. Queries whose right spans are all in omitted videos are left
    /// out.</summary>
    internal static IReadOnlyList<EvaluationQuery> Answerable(IReadOnlyList<EvaluationQuery> queries, IReadOnlyCollection<string> files)
        => [.. queries.Select(query => (Query: query, Left: query.Right.Where(span => files.Contains(span.File)).ToList()))
            .Where(pair => pair.Query.IsAbsurd || pair.Left.Count > 0).Select(pair => pair.Query with { Right = pair.Left })];

    /// <summary>Groups queries by option and kind of query: finding a sentence by its own words differs from finding it by its
    /// meaning.</summary>
    internal static string GroupOf(EvaluationQuery query) => (query.Option, query.Matching) switch
    {
        (IndexOptions.Conversation, ConversationMatching.ExactMatch) => "conversation, exact",
        (IndexOptions.Conversation, _) when query.Origin == TruthQueries.Speech => "conversation, word by word",
        (IndexOptions.Conversation, _) => "conversation, by meaning",
        _ => query.Option,
    };

    /// <summary>True if every right span is a part of a longer video. If whole videos are right, any cut finds the boundaries.</summary>
    internal static bool IsMomentQuery(EvaluationQuery query, IReadOnlyDictionary<string, double?> durations)
        => query.Right.All(span => durations.GetValueOrDefault(span.File) is not { } duration
            || span.End - span.Start < WholeShare * duration);

    /// <summary>Uses clips of all scores, because the methods are compared by order and boundaries.</summary>
    private static async Task<IReadOnlyList<GroupFigures>> PoolAsync(
        QueryRunner runner, EvaluationSet set, IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        List<EvaluationQuery> visual = [.. queries.Where(query => query.Option == IndexOptions.Visual)];
        if (visual.Count == 0)
            return [];
        var durations = set.Videos.ToDictionary(video => video.File, video => video.Duration);
        List<KeyValuePair<string, IReadOnlyList<QueryOutcome>>> methods =
        [
            .. await runner.PoolAsync(visual, cancellationToken),
            KeyValuePair.Create(Chosen, await runner.SearchAsync(visual, MatchLevel.None, cancellationToken)),
        ];
        return [.. methods.Select(method => GroupFigures.Compute(method.Key, method.Value)),
            .. methods.Select(
                method => GroupFigures.Compute(
                    $"{method.Key}, moments", [.. method.Value.Where(outcome => IsMomentQuery(outcome.Query, durations))]))];
    }

    private static IReadOnlyList<ModelFacts> Models(ModelSet models)
        => [.. Enum.GetValues<ModelRole>().Select(models.Role).OfType<ManifestRole>().Select(role => new ModelFacts(
            role.Role, role.ModelId, role.Hash, role.Model.Files.ToDictionary(file => file.Path, file => file.Sha256)))];
}
