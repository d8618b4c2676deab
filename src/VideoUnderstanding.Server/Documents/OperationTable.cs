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
        ["Engines"] = "Names of engines, for clients that list them.",
        ["Indexes"] = "Collections of videos and their search options.",
        ["Videos"] = "Videos, their recognised content, and their streams.",
        ["Tasks"] = "Uploads and the indexing of uploaded videos.",
        ["Search"] = "Moments that match a text.",
        ["Combined queries"] = "Moments that match a combination of texts.",
        ["Classify"] = "Assigns labels to videos.",
        ["Webhooks"] = "Notifications when a task is ready or has failed. An extension of v1.1.",
        ["Logo gallery"] = "Reference pictures of brands. An extension of v1.1.",
    };

    public static IReadOnlyDictionary<string, OperationFacts> All { get; } = new Dictionary<string, OperationFacts>
    {
        ["listEngines"] = new("Engines", "List the engines")
        {
            Errors = [],
            Description = "The engines that an index can use.",
        },
        ["retrieveEngine"] = new("Engines", "Retrieve an engine")
        {
            Errors = [404],
            Description = "One engine by its name.",
        },

        ["createIndex"] = new("Indexes", "Create an index")
        {
            Required = ["engine_id", "index_options", "index_name"], Errors = [400, 409],
            Description = "Options and engine cannot be changed later; the name can.",
        },
        ["listIndexes"] = new("Indexes", "List the indexes")
        {
            Query = ListNames(IndexList.Table), Errors = [400],
            Description = "Oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveIndex"] = new("Indexes", "Retrieve an index") { Description = "A deleted index is still returned, with `deleted` true." },
        ["updateIndex"] = new("Indexes", "Rename an index")
        {
            Required = ["index_name"], Errors = [400, 404, 409],
            Description = "Only the name can change.",
        },
        ["deleteIndex"] = new("Indexes", "Delete an index with its videos") { Description = "May be repeated." },

        ["listVideos"] = new("Videos", "List the videos of an index")
        {
            Query = [.. ListNames(VideoList.Table), "custom"],
            Description = "Newest first. Any other query parameter is a field of the custom metadata.",
        },
        ["retrieveVideo"] = new("Videos", "Retrieve a video") { Description = "The video can be retrieved as soon as its task exists." },
        ["updateVideo"] = new("Videos", "Set title and custom metadata") { Description = "Fields are merged into the stored ones." },
        ["deleteVideo"] = new("Videos", "Delete a video and its content")
        {
            Description = "Removes its file, text, vectors and pictures. Its task is kept and can be deleted.",
        },
        ["retrieveTranscription"] = new("Videos", "What is said in a video")
        {
            Query = Range,
            Description = "The recognised speech, or the uploaded subtitles, with times in seconds.",
        },
        ["retrieveTextInVideo"] = new("Videos", "What is written in a video")
        {
            Query = Range,
            Description = "The text recognised in the pictures, with times in whole seconds. The index needs the option "
                + "`text_in_video`.",
        },
        ["retrieveLogo"] = new("Videos", "Logos in a video")
        {
            Query = Range,
            Description = "The recognised brands, with times in whole seconds. The index needs the option `logo`.",
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
            Errors = [400, 403, 404, 429], Media = "video/mp2t", Description = "The playlist contains the addresses of its segments.",
        },
        ["downloadOriginal"] = new("Videos", "The video as it was uploaded")
        {
            Errors = [403, 404], Media = "*/*", Description = "At an address beside the playlist. Supports byte ranges.",
        },

        ["createTask"] = new("Tasks", "Index a video")
        {
            Form = "CreateTaskForm", Errors = [400, 404, 503],
            Description = "Upload a file or give an address. The response is sent after the file was received. Then poll the task "
                + "until it is `ready` or `failed`.",
        },
        ["listTasks"] = new("Tasks", "List the tasks")
        {
            Query = ListNames(TaskList.Table), Errors = [400], Description = "Newest first.",
        },
        ["countTasks"] = new("Tasks", "Count the tasks of an index by state")
        {
            Query = ["index_id"], RequiredQuery = ["index_id"], AnswersNull = true,
            Description = "Returns JSON `null` for an index without tasks.",
        },
        ["retrieveTask"] = new("Tasks", "Retrieve a task")
        {
            Description = "Clients wait `process.remain_seconds` before they poll again.",
        },
        ["deleteTask"] = new("Tasks", "Delete a task")
        {
            Errors = [400, 404, 409], Description = "Deletes only failed tasks, and ready ones whose video was deleted.",
        },
        ["createTransfer"] = new("Tasks", "Index the videos that a file lists")
        {
            Form = "TransferForm",
            Description = "Creates one task per element. If an element is invalid, no task is created.",
        },

        ["search"] = new("Search", "Search in an index")
        {
            Required = SearchMembers, Errors = [400, 404, 503],
            Description = "If `query` is an object, its texts may give the `search_options` instead.",
        },
        ["searchPicture"] = new("Search", "Search by a picture")
        {
            Form = "SearchPictureForm", Errors = [400, 404, 503],
            Description = "An extension of v1.1. Finds moments that look like an uploaded picture, or like a picture of a video of the "
                + "index. The response is that of `search`; without a calibration for pictures the confidence is never `high`.",
        },
        ["searchPage"] = new("Search", "A further page of a search")
        {
            Errors = [400],
            Description = "Addressed by a token of `page_info`. Both paths accept the tokens of both kinds of search.",
        },
        ["combinedSearch"] = new("Combined queries", "Search with a combined query")
        {
            Required = ["index_id", "query"], Errors = [400, 404, 503],
            Description = "Texts that are combined by `$and`, `$or`, `$then` and `$not`. The response contains clips.",
        },
        ["combinedSearchPage"] = new("Combined queries", "A further page of a combined search")
        {
            Errors = [400],
            Description = "Addressed by a token of `page_info`. Both paths accept the tokens of both kinds of search.",
        },

        ["classifyVideo"] = new("Classify", "Label one video")
        {
            Required = ["video_id", "options"], Errors = [400, 404, 503],
            Description = "Compares each label with what is seen, said or written in the video.",
        },
        ["classifyBulk"] = new("Classify", "Label the videos of an index")
        {
            Required = ["index_id", "options"], Errors = [400, 404, 503],
            Description = "Compares each label with every video of the index. Videos without labels are omitted.",
        },
        ["classifyPage"] = new("Classify", "A further page of a classification")
        {
            Errors = [400],
            Description = "Addressed by a token of `page_info`.",
        },

        // The administration API.
        ["createWebhook"] = new("Webhooks", "Add a webhook")
        {
            Required = ["url"], Errors = [400], Description = "The response contains the secret that signs its notifications.",
        },
        ["listWebhooks"] = new("Webhooks", "List the webhooks")
        {
            Query = ListNames(WebhookLists.Endpoints), Errors = [400],
            Description = "Oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveWebhook"] = new("Webhooks", "Retrieve a webhook")
        {
            Description = "Returns a webhook without its secret.",
        },
        ["updateWebhook"] = new("Webhooks", "Change, enable or disable a webhook") { Description = "Omitted members keep their values." },
        ["deleteWebhook"] = new("Webhooks", "Remove a webhook with its log")
        {
            Description = "Pending deliveries are dropped.",
        },
        ["retrieveSecret"] = new("Webhooks", "The secret of a webhook")
        {
            Description = "The secret signs the notifications.",
        },
        ["rotateSecret"] = new("Webhooks", "Replace the secret of a webhook")
        {
            Description = "The old secret becomes invalid immediately.",
        },
        ["listAttempts"] = new("Webhooks", "List the delivery attempts of a webhook")
        {
            Query = ListNames(WebhookLists.Attempts), Description = "Newest first.",
        },
        ["listEvents"] = new("Webhooks", "List the events")
        {
            Query = ListNames(WebhookLists.Events), Errors = [400], Description = "Newest first.",
        },
        ["retrieveEvent"] = new("Webhooks", "Retrieve an event")
        {
            Errors = [404],
            Description = "Returns an event with the states of its deliveries.",
        },
        ["replayEvent"] = new("Webhooks", "Send an event again")
        {
            Description = "Sends it to one webhook, or to all enabled webhooks subscribed to it.",
        },
        ["testWebhook"] = new("Webhooks", "Send a test event")
        {
            Errors = [400], Description = "It is signed and logged like other events, but not retried if it fails.",
        },

        ["createGalleryLogo"] = new("Logo gallery", "Add a picture of a logo")
        {
            Form = "GalleryLogoForm", Errors = [400, 503], Description = "Searches also find the logo in earlier videos.",
        },
        ["listGalleryLogos"] = new("Logo gallery", "List the pictures")
        {
            Query = ListNames(GalleryList.Table), Errors = [400],
            Description = "Oldest first, unless `sort_by` or `sort_option` is given.",
        },
        ["retrieveGalleryLogo"] = new("Logo gallery", "Retrieve a picture's entry")
        {
            Description = "Returns the metadata of a picture.",
        },
        ["downloadGalleryLogo"] = new("Logo gallery", "The picture itself")
        {
            Media = "image/*",
            Description = "Returns the uploaded file.",
        },
        ["deleteGalleryLogo"] = new("Logo gallery", "Remove a picture")
        {
            Description = "The brand is still found by its other pictures and by its name in text.",
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
