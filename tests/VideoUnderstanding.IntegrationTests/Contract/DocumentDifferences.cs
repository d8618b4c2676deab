namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>All allowed differences between the published document and the contract, with their reasons.</summary>
internal static class DocumentDifferences
{
    /// <summary>The server refuses a file that is too large with 400 instead of 413. The contract calls this the safe choice.</summary>
    public static IReadOnlyCollection<int> StatusesNeverSent { get; } = [413];

    /// <summary>503 means that a model is missing. This does not happen in the hosted service.</summary>
    public static IReadOnlyDictionary<string, string[]> MoreStatuses { get; } = new Dictionary<string, string[]>
    {
        ["createTask"] = ["503"], ["search"] = ["503"], ["combinedSearch"] = ["503"], ["classifyVideo"] = ["503"],
        ["classifyBulk"] = ["503"],
    };

    /// <summary>Extensions below /v1.1: method and path, operationId and tag.</summary>
    public static IReadOnlyCollection<string> MoreOperations { get; } = ["post /search/picture searchPicture Search"];

    /// <summary>Additional filter fields.</summary>
    public static IReadOnlyDictionary<string, string[]> MoreParameters { get; } = new Dictionary<string, string[]>
    {
        ["listVideos"] = ["query title"],
        ["listTasks"] = ["query video_id"],
    };

    /// <summary>The first two are read only to be refused with their own error codes. The others are from version 1.1.2, which classifies
    /// several videos in one request.</summary>
    public static IReadOnlyCollection<string> MoreRead { get; } = ["index_options", "engine_id", "video_ids", "video_ids[]", "page_limit"];

    /// <summary>Optional members that this server does not use. It has no state <c>queued</c> between pending and indexing. <c>_id</c> is
    /// the old name of <c>id</c> in responses with texts.</summary>
    public static IReadOnlyCollection<string> NeverSent { get; } = ["docs_url", "queued", "_id"];

    /// <summary>The response to a request with <c>classes</c> has <c>classes</c> instead.</summary>
    public static IReadOnlyCollection<string> NotAlwaysSent { get; } = ["labels"];

    /// <summary>The title is a separate member beside the file name (CONTRACT, section 10). A task's warning and the number of videos that
    /// are being indexed are extensions.</summary>
    public static IReadOnlyCollection<string> MoreSent { get; } =
        ["metadata.title", "data[].metadata.title", "warning", "data[].warning", "search_pool.indexing"];
}
