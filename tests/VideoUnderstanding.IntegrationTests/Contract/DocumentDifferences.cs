namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>In what the published document differs from the contract, and why. What is not here is the same.</summary>
internal static class DocumentDifferences
{
    /// <summary>There is no rate limit, and a file that is too large is refused with 400, which the contract calls the safe
    /// choice.</summary>
    public static IReadOnlyCollection<int> StatusesNeverSent { get; } = [413];

    /// <summary>503 tells that a model is missing, which the hosted service never was without.</summary>
    public static IReadOnlyDictionary<string, string[]> MoreStatuses { get; } = new Dictionary<string, string[]>
    {
        ["createTask"] = ["503"], ["search"] = ["503"], ["combinedSearch"] = ["503"], ["classifyVideo"] = ["503"],
        ["classifyBulk"] = ["503"],
    };

    /// <summary>Extensions below /v1.1: name, identifier and heading.</summary>
    public static IReadOnlyCollection<string> MoreOperations { get; } = ["post /search/picture searchPicture Search"];

    /// <summary>Fields that can be filtered by, too.</summary>
    public static IReadOnlyDictionary<string, string[]> MoreParameters { get; } = new Dictionary<string, string[]>
    {
        ["listVideos"] = ["query title"],
        ["listTasks"] = ["query video_id"],
    };

    /// <summary>The first two are read only to be refused with codes of their own; the others are of 1.1.2, which asks about several videos
    /// at once.</summary>
    public static IReadOnlyCollection<string> MoreRead { get; } = ["index_options", "engine_id", "video_ids", "video_ids[]", "page_limit"];

    /// <summary>Optional members that this server has no use for: there is no state between pending and indexing, and <c>_id</c> was
    /// the old name of <c>id</c> in the answers about texts.</summary>
    public static IReadOnlyCollection<string> NeverSent { get; } = ["docs_url", "queued", "_id"];

    /// <summary>A request that says <c>classes</c> is answered with <c>classes</c>.</summary>
    public static IReadOnlyCollection<string> NotAlwaysSent { get; } = ["labels"];

    /// <summary>The title has a place of its own beside the file name, as CONTRACT 10 decides. A task's warning and the
    /// number of videos that are being indexed are extensions.</summary>
    public static IReadOnlyCollection<string> MoreSent { get; } =
        ["metadata.title", "data[].metadata.title", "warning", "data[].warning", "search_pool.indexing"];
}
