using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Preconditions of one example, and the allowed differences of the response.</summary>
/// <param name="Rows">Adds the rows that the example assumes.</param>
internal sealed record RecordedAnswer(params IReadOnlyList<Func<TestServer, Task>> Rows)
{
    /// <summary>True if values must be equal, except those in <see cref="Different"/>. False if values depend on models.</summary>
    public bool Values { get; init; }

    public IReadOnlyCollection<string> Different { get; init; } = [];

    /// <summary>Members that the contract allows and the example does not show.</summary>
    public IReadOnlyCollection<string> AbsentInExample { get; init; } = [];

    /// <summary>True if the request is sent with the key of the example, which is wrong.</summary>
    public bool KeepsKey { get; init; }

    /// <summary>Name of the example whose second page this example shows.</summary>
    public string? PageOf { get; init; }

    private static readonly Func<TestServer, Task> Nothing = _ => Task.CompletedTask;
    private static readonly Func<TestServer, Task> Harbour = HarbourRows.AddAsync;
    private static readonly Func<TestServer, Task> Texts = HarbourRows.AddTextsAsync;
    private static readonly Func<TestServer, Task> Scenes = HarbourRows.AddScenesAsync;
    private static readonly Func<TestServer, Task> Horns = HarbourRows.AddHornsAsync;
    private static readonly Func<TestServer, Task> Vessels = HarbourRows.AddVesselsAsync;
    private static readonly string[] Echo = ["query", "search_options", "conversation_option"];

    /// <summary>An extension: the number of videos of the index that are being indexed.</summary>
    private const string Indexing = "search_pool.indexing";

    public static IReadOnlyDictionary<string, RecordedAnswer> Served { get; } = new Dictionary<string, RecordedAnswer>
    {
        // The allowed options of an engine depend on this server.
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
        // The score of a similar picture is at most that of an exact match, 0.92.
        ["logo-retrieve"] = new(Harbour, HarbourRows.AddLogoAsync) { Values = true, Different = ["data[].score"] },
        ["thumbnail-retrieve"] = new(Harbour),
        ["search-single"] = new(Harbour, Scenes) { AbsentInExample = [Indexing] },
        ["search-page"] = new(Harbour, Scenes) { PageOf = "search-single", AbsentInExample = [Indexing] },
        ["search-grouped"] = new(Harbour, Scenes) { AbsentInExample = [Indexing, .. Echo, "data[].clips[].thumbnail_url"] },
        ["search-multiple"] = new(Harbour, Scenes) { AbsentInExample = [Indexing] },
        ["combined-search"] = new(Harbour, Horns) { AbsentInExample = [Indexing, "data[].thumbnail_url"] },
        // In the example only the picture of the clip matches, so the metadata has no text.
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

    /// <summary>Examples that the server sends by itself. There is no request to repeat.</summary>
    public static IReadOnlyList<string> Notifications { get; } = ["webhook-task-ready"];
}
