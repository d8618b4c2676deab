using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Server.Evaluation.Metrics;
using VideoUnderstanding.Server.Evaluation.Sets;

namespace VideoUnderstanding.Server.Evaluation.Calibrating;

/// <summary>What a set says about one role.</summary>
/// <param name="Model">Id of the model that serves it.</param>
/// <param name="Fitted">Null: too few matches, or too few right ones.</param>
/// <param name="Reliability">Each match judged by a map that was fitted without its video and its query.</param>
internal sealed record RoleFindings(
    EvidenceRole Role, string Model, int Queries, IReadOnlyList<JudgedMatch> Matches, RoleCalibration? Fitted, IReadOnlyList<ReliabilityRow> Reliability)
{
    public static RoleFindings Of(EvidenceRole role, string model, int queries, IReadOnlyList<JudgedMatch> matches)
        => new(role, model, queries, matches, CalibrationFit.Of(matches), Search.Confidence.Reliability.OfUnseen(matches));
}

/// <summary>Indexes a set, asks its queries and compares the evidence of everything found with what is right.</summary>
internal sealed class CalibrationRun(EvaluationBench bench, EvaluationSet set)
{
    private readonly ModelSet models = bench.Services.GetRequiredService<ModelSet>();
    private readonly Calibrations calibrations = bench.Services.GetRequiredService<Calibrations>();

    public static IReadOnlyDictionary<EvidenceRole, string> Options { get; } = new Dictionary<EvidenceRole, string>
    {
        [EvidenceRole.Visual] = IndexOptions.Visual,
        [EvidenceRole.Speech] = IndexOptions.Conversation,
        [EvidenceRole.ScreenText] = IndexOptions.TextInVideo,
    };

    /// <param name="tell">Called with each video that is done.</param>
    public async Task<IReadOnlyList<RoleFindings>> RunAsync(Action<string> tell, CancellationToken cancellationToken)
    {
        var index = new EvaluationIndex(bench.Services, keep: false);
        try
        {
            await index.FillAsync(set.Videos, tell, cancellationToken);
            var queries = EvaluationRun.Answerable(set.Queries, [.. index.Files.Values]);
            var findings = new List<RoleFindings>();
            foreach (var (role, option) in Options)
            {
                IReadOnlyList<EvaluationQuery> asked = [.. queries.Where(query => query.Option == option && IsByMeaning(query))];
                findings.Add(RoleFindings.Of(role, models.Role(role.Model())!.ModelId, asked.Count, await MeasureAsync(role, index, asked, cancellationToken)));
            }
            return findings;
        }
        finally
        {
            // A database of the bench's own goes as a whole.
            if (!bench.OwnsDatabase)
                await index.RemoveAsync(CancellationToken.None);
        }
    }

    /// <summary>Writes a file for each model with a role that could be fitted.</summary>
    /// <returns>The files.</returns>
    public IReadOnlyList<string> Write(IReadOnlyList<RoleFindings> findings, string setName)
    {
        var manifest = bench.Services.GetRequiredService<ModelManifest>().Path;
        return [.. findings.Where(one => one.Fitted is not null).GroupBy(one => one.Role.Model()).Select(model =>
        {
            var role = models.Role(model.Key)!;
            var path = CalibrationFile.PathFor(manifest, role.ModelId);
            CalibrationFile.Write(path, new ModelCalibration(role.ModelId, models.HashOf(model.Key)!, setName, model.ToDictionary(one => one.Role, one => one.Fitted!)));
            return path;
        })];
    }

    /// <summary>Sentences and lines asked for by their own words are found by their letters; what they score is no question of the model's.</summary>
    internal static bool IsByMeaning(EvaluationQuery query)
        => query.Matching == ConversationMatching.Semantic && query.Origin is not (TruthQueries.Speech or TruthQueries.ScreenText);

    /// <summary>Twice: the least spread, by which standings are counted, is first found out.</summary>
    private async Task<IReadOnlyList<JudgedMatch>> MeasureAsync(EvidenceRole role, EvaluationIndex index, IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        calibrations.SetAside(role, 0);
        calibrations.SetAside(role, CalibrationFit.LeastSpreadOf(await JudgeAsync(index, queries, cancellationToken)));
        return await JudgeAsync(index, queries, cancellationToken);
    }

    private async Task<IReadOnlyList<JudgedMatch>> JudgeAsync(EvaluationIndex index, IReadOnlyList<EvaluationQuery> queries, CancellationToken cancellationToken)
    {
        await using var scope = bench.Services.CreateAsyncScope();
        var search = scope.ServiceProvider.GetRequiredService<VideoSearch>();
        var matches = new List<JudgedMatch>();
        foreach (var query in queries)
        {
            foreach (var found in await search.EvidenceAsync(index.Id, query.Text, query.Option, cancellationToken))
            {
                var answer = new Answer(index.Files[found.VideoId], found.Start, found.End, found.Score);
                matches.Add(new JudgedMatch(query.Text, answer.File, found.Evidence!.Standing, Judgement.IsRight(query, answer), query.IsAbsurd, found.Evidence.Spread));
            }
        }
        return matches;
    }
}
