using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Videos of which is known what they show and say, and queries of which is known what answers them. docs/quality.md has the
/// format.</summary>
/// <param name="Queries">Those of the queries file, then those that the truth file gives by itself.</param>
public sealed record EvaluationSet(string Folder, IReadOnlyList<EvaluationVideo> Videos, IReadOnlyList<EvaluationQuery> Queries)
{
    public const string TruthFile = "ground-truth.json";

    /// <summary>Read when it lies beside the truth file and no other is named.</summary>
    public const string QueriesFile = "queries.json";

    /// <summary>What the queries ask for: some of <see cref="AllOptions"/>.</summary>
    public IReadOnlyList<string> Options { get; private init; } = AllOptions;

    /// <summary>Those of <see cref="IndexOptions"/> that are measured (the logos are not), and
    /// <see cref="EvaluationQuery.Sound"/>.</summary>
    public static IReadOnlyList<string> AllOptions { get; } =
        [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo, EvaluationQuery.Sound];

    /// <summary>The options of the index that answers the queries.</summary>
    public IReadOnlyList<string> ApiOptions => [.. Options.Select(EvaluationQuery.ApiOptionOf).Distinct()];

    /// <summary>Whether the phrases of the truth file are indexed as the videos' transcripts: measures the search without the recognition
    /// of speech.</summary>
    public bool GivenTranscripts { get; init; }

    /// <summary>The models that the options need. Speech includes the detection of voices.</summary>
    public IReadOnlyList<ModelRole> Roles => [.. Options.SelectMany(option => option switch
    {
        IndexOptions.Visual or EvaluationQuery.Sound => new[] { ModelRole.VisualText },
        IndexOptions.Conversation => GivenTranscripts ? [ModelRole.TextEmbedding] : [ModelRole.Speech, ModelRole.TextEmbedding],
        _ => [ModelRole.ScreenText, ModelRole.TextEmbedding],
    }).Distinct()];

    /// <summary>The set with the queries of some options only.</summary>
    /// <param name="options">Empty: all of them.</param>
    public EvaluationSet Only(IReadOnlyList<string> options)
        => options.Count == 0 ? this
            : this with { Options = options, Queries = [.. Queries.Where(query => options.Contains(query.Option))] };

    /// <summary>Reads a folder of videos with its own queries file, if it has one.</summary>
    /// <exception cref="EvaluationSetException">A file is missing or wrong.</exception>
    public static Task<EvaluationSet> ReadAsync(string folder, CancellationToken cancellationToken)
        => ReadAsync(folder, [], cancellationToken);

    /// <param name="queriesFiles">None: the one of the folder, if there is one.</param>
    /// <exception cref="EvaluationSetException">A file is missing or wrong.</exception>
    public static async Task<EvaluationSet> ReadAsync(
        string folder, IReadOnlyList<string> queriesFiles, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new EvaluationSetException($"There is no folder {folder}.");
        var own = Path.Combine(folder, QueriesFile);
        var videos = TruthReader.Read(folder, await SetNode.ReadAsync(Path.Combine(folder, TruthFile), cancellationToken));
        var written = new List<EvaluationQuery>();
        foreach (var file in queriesFiles.Count > 0 ? queriesFiles : File.Exists(own) ? [own] : [])
            written.AddRange(QueriesReader.Read(await SetNode.ReadAsync(file, cancellationToken), videos));
        return new EvaluationSet(folder, videos, [.. written, .. TruthQueries.Of(videos, written)]);
    }
}

/// <summary>One video and what is known of it. Times are seconds from its start.</summary>
/// <param name="File">Name inside the folder of the set, with forward slashes.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Duration">Seconds; null when the truth file does not say.</param>
public sealed record EvaluationVideo(
    string File, string Path, double? Duration, IReadOnlyList<SeenThing> Seen, IReadOnlyList<SpokenPhrase> Spoken,
    IReadOnlyList<ShownText> Shown);

/// <param name="See">A sentence of what is to be seen.</param>
public sealed record SeenThing(double Start, double End, string See);

/// <param name="Language">As <c>en</c>; null when not known.</param>
public sealed record SpokenPhrase(double Start, double End, string Text, string? Language);

/// <param name="Lines">What stands on the screen at that time, line by line.</param>
public sealed record ShownText(double Start, double End, IReadOnlyList<string> Lines);
