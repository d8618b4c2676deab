using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Logos;
using VideoUnderstanding.Server.Webhooks.Administration;

namespace VideoUnderstanding.Server.Documents;

/// <summary>All operations by operationId, which is the name of the handler. Paths, methods, bodies and responses come from the routes and
/// the records.</summary>
internal static class OperationTable
{
    private static readonly string[] Range = ["start", "end"];
    private static readonly string[] SearchMembers = ["query", "index_id", "search_options"];

    /// <summary>Descriptions of the tags.</summary>
    public static IReadOnlyDictionary<string, string> Tags { get; } = new Dictionary<string, string>
    {
        ["Engines"] = "Names of engines, for clients that ask for them.",
        ["Indexes"] = "Collections of videos, with what can be searched in them.",
        ["Videos"] = "Videos, what is known of them, and how they are played.",
        ["Tasks"] = "Uploads: from the file to the video that can be searched.",
        ["Search"] = "Moments that fit a text.",
        ["Combined queries"] = "Moments that fit several texts together.",
        ["Classify"] = "Labels for videos.",
        ["Webhooks"] = "Notifications when a task is ready or has failed. An extension beside v1.1.",
        ["Logo gallery"] = "Pictures by which brands are recognised. An extension beside v1.1.",
    };

    public static IReadOnlyDictionary<string, OperationFacts> All { get; } = new Dictionary<string, OperationFacts>
    {
        ["listEngines"] = new("Engines", "List the engines")
        {
            Errors = [],
            Description = "The engines that an index can be made with.",
        },
        ["retrieveEngine"] = new("Engines", "Retrieve an engine")
        {
            Errors = [404],
            Description = "One engine by its name.",
        },

        ["createIndex"] = new("Indexes", "Create an index")
        {
            Required = ["engine_id", "index_options", "index_name"], Errors = [400, 409],
            Description = "Options and engine are fixed from then on; the name can change.",
        },
        ["listIndexes"] = new("Indexes", "List the indexes")
        {
            Query = ListNames(IndexList.Table), Errors = [400],
            Description = "The oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveIndex"] = new("Indexes", "Retrieve an index") { Description = "A deleted index is still shown, with `deleted` true." },
        ["updateIndex"] = new("Indexes", "Rename an index")
        {
            Required = ["index_name"], Errors = [400, 404, 409],
            Description = "Only the name can change.",
        },
        ["deleteIndex"] = new("Indexes", "Delete an index with its videos") { Description = "May be repeated." },

        ["listVideos"] = new("Videos", "List the videos of an index")
        {
            Query = [.. ListNames(VideoList.Table), "custom"],
            Description = "The newest first. Any other query name is a field of the custom metadata.",
        },
        ["retrieveVideo"] = new("Videos", "Retrieve a video") { Description = "Answers from the moment its task exists." },
        ["updateVideo"] = new("Videos", "Set title and custom metadata") { Description = "Fields are merged into those that are stored." },
        ["deleteVideo"] = new("Videos", "Delete a video and all that is known of it")
        {
            Description = "Its file, words, vectors and pictures are removed. Its task stays, and can be deleted.",
        },
        ["retrieveTranscription"] = new("Videos", "What is said in a video")
        {
            Query = Range,
            Description = "Speech that was recognised, or the subtitles that were uploaded, with times in seconds.",
        },
        ["retrieveTextInVideo"] = new("Videos", "What is written in a video")
        {
            Query = Range,
            Description = "Text that was recognised in the pictures, with times in whole seconds. The index needs the option "
                + "`text_in_video`.",
        },
        ["retrieveLogo"] = new("Videos", "Logos in a video")
        {
            Query = Range,
            Description = "Brands that are recognised, with times in whole seconds. The index needs the option `logo`.",
        },
        ["retrieveThumbnail"] = new("Videos", "Address of a picture of a video")
        {
            Query = ["time"], Description = "The index needs the thumbnail add-on. The address works for one hour, without a key.",
        },
        ["downloadThumbnail"] = new("Videos", "The picture itself")
        {
            Query = ["time", "expires", "signature"], RequiredQuery = ["time", "expires", "signature"], Errors = [403, 404],
            Media = "image/jpeg",
            Description = "The address comes from `retrieveThumbnail` or from a clip. It works for an hour, without a key.",
        },

        ["downloadPlaylist"] = new("Videos", "The HLS playlist of a video")
        {
            Errors = [400, 403, 404, 429], Media = "application/vnd.apple.mpegurl",
            Description = "The address is `hls.video_url` of a task or video. It works for a day, without a key.",
        },
        ["downloadSegment"] = new("Videos", "A segment of the playlist")
        {
            Errors = [400, 403, 404, 429], Media = "video/mp2t", Description = "The playlist has the addresses of its segments.",
        },
        ["downloadOriginal"] = new("Videos", "The video as it was uploaded")
        {
            Errors = [403, 404], Media = "*/*", Description = "Beside the playlist. Ranges of bytes can be requested.",
        },

        ["createTask"] = new("Tasks", "Index a video")
        {
            Form = "CreateTaskForm", Errors = [400, 404, 503],
            Description = "Send a file or an address. The answer comes when a file was received; then ask for the task until it is "
                + "`ready` or `failed`.",
        },
        ["listTasks"] = new("Tasks", "List the tasks")
        {
            Query = ListNames(TaskList.Table), Errors = [400], Description = "The newest first.",
        },
        ["countTasks"] = new("Tasks", "Count the tasks of an index by state")
        {
            Query = ["index_id"], RequiredQuery = ["index_id"], AnswersNull = true,
            Description = "The bare JSON `null` for an index without tasks.",
        },
        ["retrieveTask"] = new("Tasks", "Retrieve a task")
        {
            Description = "Clients wait `process.remain_seconds` before they ask again.",
        },
        ["deleteTask"] = new("Tasks", "Delete a task")
        {
            Errors = [400, 404, 409], Description = "Only failed tasks, and ready ones whose video was deleted.",
        },
        ["createTransfer"] = new("Tasks", "Index the videos that a file lists")
        {
            Form = "TransferForm",
            Description = "Every element becomes a task of its own. Nothing is begun if one element is wrong.",
        },

        ["search"] = new("Search", "Search in an index")
        {
            Required = SearchMembers, Errors = [400, 404, 503],
            Description = "With an object as `query`, `search_options` may be left to its texts.",
        },
        ["searchPage"] = new("Search", "A further page of a search")
        {
            Errors = [400],
            Description = "By a token of `page_info`. Either kind of search is read on either path.",
        },
        ["combinedSearch"] = new("Combined queries", "Search with a combined query")
        {
            Required = ["index_id", "query"], Errors = [400, 404, 503],
            Description = "Texts that are joined by `$and`, `$or`, `$then` and `$not`. The answer has clips.",
        },
        ["combinedSearchPage"] = new("Combined queries", "A further page of a combined search")
        {
            Errors = [400],
            Description = "By a token of `page_info`. Either kind of search is read on either path.",
        },

        ["classifyVideo"] = new("Classify", "Label one video")
        {
            Required = ["video_id", "options"], Errors = [400, 404, 503],
            Description = "Compares each label with what is seen, said or written in the video.",
        },
        ["classifyBulk"] = new("Classify", "Label the videos of an index")
        {
            Required = ["index_id", "options"], Errors = [400, 404, 503],
            Description = "Compares each label with every video of the index. Videos without labels are left out.",
        },
        ["classifyPage"] = new("Classify", "A further page of a classification")
        {
            Errors = [400],
            Description = "By a token of `page_info`.",
        },

        // The administration API.
        ["createWebhook"] = new("Webhooks", "Add a webhook")
        {
            Required = ["url"], Errors = [400], Description = "The secret is what its notifications are signed with.",
        },
        ["listWebhooks"] = new("Webhooks", "List the webhooks")
        {
            Query = ListNames(WebhookLists.Endpoints), Errors = [400],
            Description = "The oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveWebhook"] = new("Webhooks", "Retrieve a webhook")
        {
            Description = "One webhook, without its secret.",
        },
        ["updateWebhook"] = new("Webhooks", "Change, enable or disable a webhook") { Description = "What is left out stays as it is." },
        ["deleteWebhook"] = new("Webhooks", "Remove a webhook with its log")
        {
            Description = "What waits to be sent to it is dropped.",
        },
        ["retrieveSecret"] = new("Webhooks", "The secret of a webhook")
        {
            Description = "Notifications are signed with it.",
        },
        ["rotateSecret"] = new("Webhooks", "Give a webhook another secret") { Description = "The old one stops at once." },
        ["listAttempts"] = new("Webhooks", "What was sent to a webhook")
        {
            Query = ListNames(WebhookLists.Attempts), Description = "The newest first.",
        },
        ["listEvents"] = new("Webhooks", "List the events")
        {
            Query = ListNames(WebhookLists.Events), Errors = [400], Description = "The newest first.",
        },
        ["retrieveEvent"] = new("Webhooks", "Retrieve an event")
        {
            Errors = [404],
            Description = "An event, with what became of its notifications.",
        },
        ["replayEvent"] = new("Webhooks", "Send an event again") { Description = "To one webhook, or to every enabled one that wants it." },
        ["testWebhook"] = new("Webhooks", "Send a test event")
        {
            Errors = [400], Description = "It is signed and logged like all events, but not sent again if it fails.",
        },

        ["createGalleryLogo"] = new("Logo gallery", "Add a picture of a logo")
        {
            Form = "GalleryLogoForm", Errors = [400, 503], Description = "It is found in videos that are indexed already, too.",
        },
        ["listGalleryLogos"] = new("Logo gallery", "List the pictures")
        {
            Query = ListNames(GalleryList.Table), Errors = [400],
            Description = "The oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveGalleryLogo"] = new("Logo gallery", "Retrieve a picture's entry")
        {
            Description = "One picture of the gallery, without its bytes.",
        },
        ["downloadGalleryLogo"] = new("Logo gallery", "The picture itself")
        {
            Media = "image/*",
            Description = "As it was uploaded.",
        },
        ["deleteGalleryLogo"] = new("Logo gallery", "Remove a picture")
        {
            Description = "Its brand is found by the other pictures of the same name, and by its name in text.",
        },
    };

    /// <summary>Returns the facts of an operation; without an entry, its id as the summary.</summary>
    public static OperationFacts FactsOf(string operationId)
        => All.GetValueOrDefault(operationId) ?? new OperationFacts("More", operationId);

    /// <summary>Returns the query parameters of a list, from the table that parses them.</summary>
    private static string[] ListNames<T>(ListTable<T> table) where T : class =>
    [
        "page", "page_limit", "sort_by", "sort_option",
        .. table.Fields.SelectMany(field => field.HasBounds ? [field.Name, $"{field.Name}[gte]", $"{field.Name}[lte]"]
            : new[] { field.Name }),
    ];
}
