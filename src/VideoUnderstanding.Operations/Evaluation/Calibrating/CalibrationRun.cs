using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Pictures;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Operations.Evaluation.Metrics;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation.Calibrating;

/// <summary>Calibration result of one role on a set.</summary>
/// <param name="Model">Id of the role's model.</param>
/// <param name="Kind">The evidence that ranks the matches better. It gives all levels unless only the cosine supports a higher one.</param>
/// <param name="Precisions">Average precision of both kinds of evidence.</param>
/// <param name="Fitted">Null: too few matches, or too few right ones.</param>
/// <param name="Reliability">Each match scored by a map that was fitted without its video and its query.</param>
internal sealed record RoleFindings(
    EvidenceRole Role, string Model, int Queries, IReadOnlyList<JudgedMatch> Matches, EvidenceKind Kind,
    (double Cosine, double NormalizedScore) Precisions,
    RoleCalibration? Fitted, IReadOnlyList<ReliabilityRow> Reliability)
{
    public static RoleFindings Fit(EvidenceRole role, string model, int queries, MeasuredMatches measured)
    {
        // Generic captions cannot normalise the cosines of a picture query.
        var (kind, matches) = role == EvidenceRole.Picture ? (EvidenceKind.Cosine, measured.ByCosine)
            : CalibrationFit.Choose(measured.ByNormalizedScore, measured.ByCosine);
        var highest = HighestOf(matches, kind);
        var upper = kind == EvidenceKind.NormalizedScore ? HighestOf(measured.ByCosine, EvidenceKind.Cosine) : highest;
        var (fitted, unseen) = upper > highest
            ? (CalibrationFit.OfBoth(measured.ByNormalizedScore, measured.ByCosine, upper),
                Search.Confidence.Reliability.OfUnseen(measured.ByNormalizedScore, measured.ByCosine, upper))
            : (CalibrationFit.Of(matches, kind, highest), Search.Confidence.Reliability.OfUnseen(matches, kind, highest));
        return new(role, model, queries, matches, kind,
            (CalibrationFit.AveragePrecision(measured.ByCosine), CalibrationFit.AveragePrecision(measured.ByNormalizedScore)), fitted,
            unseen);
    }

    private static MatchLevel HighestOf(IReadOnlyList<JudgedMatch> matches, EvidenceKind kind)
        => Search.Confidence.Reliability.HighestSupported(Search.Confidence.Reliability.OfUnseen(matches, kind));
}

/// <summary>The same matches with both kinds of evidence.</summary>
internal sealed record MeasuredMatches(IReadOnlyList<JudgedMatch> ByNormalizedScore, IReadOnlyList<JudgedMatch> ByCosine);

/// <summary>Indexes a set, runs its queries, and compares the evidence of all matches with the right spans.</summary>
internal sealed class CalibrationRun(EvaluationBench bench, EvaluationSet set)
{
    private readonly ModelSet _models = bench.Services.GetRequiredService<ModelSet>();
    private readonly Calibrations _calibrations = bench.Services.GetRequiredService<Calibrations>();

    public static IReadOnlyDictionary<EvidenceRole, string> Options { get; } = new Dictionary<EvidenceRole, string>
    {
        [EvidenceRole.Visual] = IndexOptions.Visual,
        [EvidenceRole.Speech] = IndexOptions.Conversation,
        [EvidenceRole.ScreenText] = IndexOptions.TextInVideo,
        [EvidenceRole.Sound] = EvaluationQuery.Sound,
        [EvidenceRole.Picture] = EvaluationQuery.Picture,
    };

    /// <param name="onVideo">Called after each video.</param>
    public async Task<IReadOnlyList<RoleFindings>> RunAsync(Action<string> onVideo, CancellationToken cancellationToken)
    {
        var index = new EvaluationIndex(bench.Services, set, keep: false);
        try
        {
            await index.FillAsync(onVideo, cancellationToken);
            var queries = EvaluationRun.Answerable(set.Queries, [.. index.Files.Values]);
            var findings = new List<RoleFindings>();
            foreach (var (role, option) in Options.Where(pair => set.Options.Contains(pair.Value) && _models.Has(pair.Key.Model())))
            {
                IReadOnlyList<EvaluationQuery> roleQueries = [.. queries.Where(query => query.Option == option && IsByMeaning(query))];
                findings.Add(
                    RoleFindings.Fit(role, _models.Role(role.Model())!.ModelId, roleQueries.Count,
                        await MeasureAsync(role, index, roleQueries, cancellationToken)));
            }
            return findings;
        }
        finally
        {
            // The bench's own database is deleted as a whole.
            if (!bench.OwnsDatabase)
                await index.RemoveAsync(CancellationToken.None);
        }
    }

    /// <summary>Writes a calibration file for each model with a fitted role.</summary>
    /// <returns>Paths of the files.</returns>
    public IReadOnlyList<string> Write(IReadOnlyList<RoleFindings> findings, string setName)
    {
        var manifest = bench.Services.GetRequiredService<ModelManifest>().Path;
        return [.. findings.Where(one => one.Fitted is not null).GroupBy(one => one.Role.Model()).Select(model =>
        {
            var role = _models.Role(model.Key)!;
            var path = CalibrationFile.PathFor(manifest, role.ModelId);
            CalibrationFile.Write(path,
                new ModelCalibration(role.ModelId, _models.HashOf(model.Key)!, setName,
                    model.ToDictionary(one => one.Role, one => one.Fitted!)));
            return path;
        })];
    }

    /// <summary>False for queries that repeat the words of a sentence or line: these are found by text, so their score does not depend on
    /// the model.</summary>
    internal static bool IsByMeaning(EvaluationQuery query)
        => query.Matching == ConversationMatching.Semantic && query.Origin is not (TruthQueries.Speech or TruthQueries.ScreenText);

    /// <summary>Measures twice, because normalised scores depend on the minimum spread, which the first run determines.</summary>
    private async Task<MeasuredMatches> MeasureAsync(
        EvidenceRole role, EvaluationIndex index, IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        _calibrations.IgnoreExisting(role, 0);
        var first = await MeasureOnceAsync(role, index, queries, cancellationToken);
        _calibrations.IgnoreExisting(role, CalibrationFit.LeastSpreadOf(first.ByNormalizedScore));
        return await MeasureOnceAsync(role, index, queries, cancellationToken);
    }

    private async Task<MeasuredMatches> MeasureOnceAsync(
        EvidenceRole role, EvaluationIndex index, IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        await using var scope = bench.Services.CreateAsyncScope();
        var (byNormalizedScore, byCosine) = (new List<JudgedMatch>(), new List<JudgedMatch>());
        foreach (var query in queries)
        {
            foreach (var found in await EvidenceAsync(scope.ServiceProvider, index.Id, query, role, cancellationToken))
            {
                var answer = new Answer(index.Files[found.VideoId], found.Start, found.End, found.Score);
                var match = new JudgedMatch(query.Text, answer.File, found.Evidence!.NormalizedScore, Judgement.IsRight(query, answer),
                    query.IsAbsurd, found.Evidence.Spread);
                byNormalizedScore.Add(match);
                byCosine.Add(match with { Evidence = found.Evidence.Cosine });
            }
        }
        return new MeasuredMatches(byNormalizedScore, byCosine);
    }

    private static async Task<IReadOnlyList<Fragment>> EvidenceAsync(
        IServiceProvider scope, string indexId, EvaluationQuery query, EvidenceRole role, CancellationToken cancellationToken)
    {
        if (role != EvidenceRole.Picture)
            return await scope.GetRequiredService<VideoSearch>().EvidenceAsync(indexId, query.Text, role, cancellationToken);
        var search = scope.GetRequiredService<PictureSearch>();
        return await search.EvidenceAsync(
            indexId, await QueryRunner.EmbedAsync(search, indexId, query, cancellationToken), cancellationToken);
    }
}
