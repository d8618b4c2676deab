using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>How one example is asked again, and in what its answer may differ.</summary>
/// <param name="Rows">Puts the state there that the example speaks of.</param>
internal sealed record RecordedAnswer(params IReadOnlyList<Func<TestServer, Task>> Rows)
{
    /// <summary>Values are the same, too, but for <see cref="Different"/>. Not so where models make them.</summary>
    public bool Values { get; init; }

    public IReadOnlyCollection<string> Different { get; init; } = [];

    /// <summary>Members that the contract allows and the example does not show.</summary>
    public IReadOnlyCollection<string> AbsentInExample { get; init; } = [];

    /// <summary>True for the example of a wrong key.</summary>
    public bool KeepsKey { get; init; }

    /// <summary>The example whose second page this one shows.</summary>
    public string? PageOf { get; init; }

    private static readonly Func<TestServer, Task> Nothing = _ => Task.CompletedTask;
    private static readonly Func<TestServer, Task> Harbour = HarbourRows.AddAsync;
    private static readonly Func<TestServer, Task> Texts = HarbourRows.AddTextsAsync;
    private static readonly Func<TestServer, Task> Scenes = HarbourRows.AddScenesAsync;
    private static readonly Func<TestServer, Task> Horns = HarbourRows.AddHornsAsync;
    private static readonly Func<TestServer, Task> Vessels = HarbourRows.AddVesselsAsync;
    private static readonly string[] Echo = ["query", "search_options", "conversation_option"];

    /// <summary>An extension: how many videos of the index are still being indexed.</summary>
    private const string Indexing = "search_pool.indexing";

    public static IReadOnlyDictionary<string, RecordedAnswer> Served { get; } = new Dictionary<string, RecordedAnswer>
    {
        // Which options an engine allows is this server's own matter.
        ["engines-list"] = new(Nothing) { Values = true, Different = ["data[].allowed_index_options[]"] },
        ["engine-retrieve"] = new(Nothing) { Values = true, Different = ["allowed_index_options[]"] },
        ["error-api-key"] = new(Nothing) { Values = true, Different = ["message"], KeepsKey = true },
        ["index-create"] = new(Nothing),
        ["error-index-name-taken"] = new(Harbour) { Values = true },
        ["indexes-list"] = new(Harbour) { Values = true },
        ["indexes-list-empty"] = new(Harbour) { Values = true },
        ["index-retrieve"] = new(Harbour) { Values = true },
        ["index-update"] = new(Harbour),
        ["index-delete"] = new(Harbour),
        ["task-create-file"] = new(Harbour),
        ["task-create-url-transcription"] = new(Harbour),
        ["tasks-list"] = new(Harbour) { Values = true, Different = ["data[].process.remain_seconds"], AbsentInExample = ["data[].hls"] },
        ["tasks-status"] = new(Harbour) { Values = true },
        ["tasks-status-none"] = new(Harbour) { Values = true },
        ["task-retrieve"] = new(Harbour) { Values = true, AbsentInExample = ["hls"] },
        ["task-delete"] = new(Harbour, HarbourRows.AddFailedTaskAsync),
        ["error-task-delete"] = new(Harbour) { Values = true, Different = ["message"] },
        ["videos-list"] = new(Harbour) { Values = true, AbsentInExample = ["data[].hls"] },
        ["video-retrieve"] = new(Harbour) { Values = true, AbsentInExample = ["hls"] },
        ["video-update"] = new(Harbour),
        ["video-delete"] = new(Harbour),
        ["transcription-retrieve"] = new(Harbour, Texts) { Values = true },
        ["transcription-retrieve-none"] = new(Harbour, Texts) { Values = true },
        ["text-in-video-retrieve"] = new(Harbour, Texts) { Values = true },
        // Likeness to a picture is told with at most the score of an exact match, which is 0.92.
        ["logo-retrieve"] = new(Harbour, HarbourRows.AddLogoAsync) { Values = true, Different = ["data[].score"] },
        ["thumbnail-retrieve"] = new(Harbour),
        ["search-single"] = new(Harbour, Scenes) { AbsentInExample = [Indexing] },
        ["search-page"] = new(Harbour, Scenes) { PageOf = "search-single", AbsentInExample = [Indexing] },
        ["search-grouped"] = new(Harbour, Scenes) { AbsentInExample = [Indexing, .. Echo, "data[].clips[].thumbnail_url"] },
        ["search-multiple"] = new(Harbour, Scenes) { AbsentInExample = [Indexing] },
        ["combined-search"] = new(Harbour, Horns) { AbsentInExample = [Indexing, "data[].thumbnail_url"] },
        // The example's clip was found by its picture alone.
        ["combined-search-page"] = new(Harbour, Horns)
        {
            PageOf = "combined-search", AbsentInExample = [Indexing, "data[].thumbnail_url", "data[].metadata[].text"],
        },
        ["classify-video"] = new(Harbour, Vessels),
        ["classify-bulk"] = new(Harbour, Vessels),
        ["classify-page"] = new(Harbour, Vessels) { PageOf = "classify-bulk" },
        ["transfer-create"] = new(Harbour),
        ["error-search-option"] = new(Harbour) { Values = true },
        ["error-search-token"] = new(Harbour) { Values = true },
    };

    /// <summary>Not asked for but sent by the server: no exchange to ask again.</summary>
    public static IReadOnlyList<string> Notifications { get; } = ["webhook-task-ready"];
}
