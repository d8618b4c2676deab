using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Videos with known content, and queries with known right spans. docs/quality.md describes the format.</summary>
/// <param name="Queries">Those of the queries file, then those derived from the truth file.</param>
public sealed record EvaluationSet(string Folder, IReadOnlyList<EvaluationVideo> Videos, IReadOnlyList<EvaluationQuery> Queries)
{
    public const string TruthFile = "ground-truth.json";

    /// <summary>Used if it is beside the truth file and no other is named.</summary>
    public const string QueriesFile = "queries.json";

    /// <summary>Options of the queries: some of <see cref="AllOptions"/>.</summary>
    public IReadOnlyList<string> Options { get; private init; } = AllOptions;

    /// <summary>The measured <see cref="IndexOptions"/> (all except logos), <see cref="EvaluationQuery.Sound"/> and
    /// <see cref="EvaluationQuery.Picture"/>.</summary>
    public static IReadOnlyList<string> AllOptions { get; } =
        [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo, EvaluationQuery.Sound, EvaluationQuery.Picture];

    /// <summary>The options of the index that answers the queries.</summary>
    public IReadOnlyList<string> ApiOptions => [.. Options.Select(EvaluationQuery.ApiOptionOf).Distinct()];

    /// <summary>Whether the phrases of the truth file are indexed as transcripts, to measure the search without speech
    /// recognition.</summary>
    public bool GivenTranscripts { get; init; }

    /// <summary>The required models. Speech includes voice detection.</summary>
    public IReadOnlyList<ModelRole> Roles => [.. Options.SelectMany(option => option switch
    {
        IndexOptions.Visual or EvaluationQuery.Sound or EvaluationQuery.Picture => new[] { ModelRole.VisualText },
        IndexOptions.Conversation => GivenTranscripts ? [ModelRole.TextEmbedding] : [ModelRole.Speech, ModelRole.TextEmbedding],
        _ => [ModelRole.ScreenText, ModelRole.TextEmbedding],
    }).Distinct()];

    /// <summary>The set with the queries of some options only.</summary>
    /// <param name="options">Empty: all of them.</param>
    public EvaluationSet Only(IReadOnlyList<string> options)
        => options.Count == 0 ? this
            : this with { Options = options, Queries = [.. Queries.Where(query => options.Contains(query.Option))] };

    /// <summary>Reads a folder of videos with its queries file, if it has one.</summary>
    /// <exception cref="EvaluationSetException">A file is missing or invalid.</exception>
    public static Task<EvaluationSet> ReadAsync(string folder, CancellationToken cancellationToken)
        => ReadAsync(folder, [], cancellationToken);

    /// <param name="queriesFiles">Empty: the file of the folder, if there is one.</param>
    /// <exception cref="EvaluationSetException">A file is missing or invalid.</exception>
    public static async Task<EvaluationSet> ReadAsync(
        string folder, IReadOnlyList<string> queriesFiles, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new EvaluationSetException($"There is no folder {folder}.");
        var own = Path.Combine(folder, QueriesFile);
        var videos = TruthReader.Read(folder, await SetNode.ReadAsync(Path.Combine(folder, TruthFile), cancellationToken));
        var written = new List<EvaluationQuery>();
        foreach (var file in queriesFiles.Count > 0 ? queriesFiles : File.Exists(own) ? [own] : [])
            written.AddRange(QueriesReader.Read(folder, await SetNode.ReadAsync(file, cancellationToken), videos));
        return new EvaluationSet(folder, videos, [.. written, .. TruthQueries.Derive(videos, written)]);
    }
}

/// <summary>One video and its known content. Times are seconds from its start.</summary>
/// <param name="File">Name in the folder of the set, with forward slashes.</param>
/// <param name="Path">Path of the file.</param>
/// <param name="Duration">Seconds; null if the truth file does not say.</param>
public sealed record EvaluationVideo(
    string File, string Path, double? Duration, IReadOnlyList<SeenThing> Seen, IReadOnlyList<SpokenPhrase> Spoken,
    IReadOnlyList<ShownText> Shown);

/// <param name="See">A sentence about what is visible.</param>
public sealed record SeenThing(double Start, double End, string See);

/// <param name="Language">For example <c>en</c>; null if unknown.</param>
public sealed record SpokenPhrase(double Start, double End, string Text, string? Language);

/// <param name="Lines">The lines on the screen at that time.</param>
public sealed record ShownText(double Start, double End, IReadOnlyList<string> Lines);
