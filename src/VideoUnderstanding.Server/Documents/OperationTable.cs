using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Logos.Administration;
using VideoUnderstanding.Server.Webhooks.Administration;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Every operation by its operationId, which is its handler's name. Paths, methods, bodies and answers come from the routes and the wire records.</summary>
internal static class OperationTable
{
    private static readonly string[] Range = ["start", "end"];
    private static readonly string[] Found = ["query", "index_id", "search_options"];

    public static IReadOnlyDictionary<string, OperationFacts> All { get; } = new Dictionary<string, OperationFacts>
    {
        ["listEngines"] = new("Engines", "List the engines") { Errors = [] },
        ["retrieveEngine"] = new("Engines", "Retrieve an engine") { Errors = [404] },

        ["createIndex"] = new("Indexes", "Create an index") { Required = ["engine_id", "index_options", "index_name"], Errors = [400, 409] },
        ["listIndexes"] = new("Indexes", "List the indexes") { Query = ListNames(IndexList.Table), Errors = [400], Description = "The oldest first, unless `sort_by` or `sort_option` is given." },
        ["retrieveIndex"] = new("Indexes", "Retrieve an index") { Description = "A deleted index is still shown, with `deleted` true." },
        ["updateIndex"] = new("Indexes", "Rename an index") { Required = ["index_name"], Errors = [400, 404, 409] },
        ["deleteIndex"] = new("Indexes", "Delete an index with its videos") { Description = "May be repeated." },

        ["listVideos"] = new("Videos", "List the videos of an index") { Query = [.. ListNames(VideoList.Table), "custom"], Description = "The newest first. Any other query name is a field of the custom metadata." },
        ["retrieveVideo"] = new("Videos", "Retrieve a video") { Description = "Answers from the moment its task exists." },
        ["updateVideo"] = new("Videos", "Set title and custom metadata") { Description = "Fields are merged into those that are stored." },
        ["deleteVideo"] = new("Videos", "Delete a video and all that is known of it"),
        ["retrieveTranscription"] = new("Videos", "What is said in a video") { Query = Range },
        ["retrieveTextInVideo"] = new("Videos", "What is written in a video") { Query = Range },
        ["retrieveLogo"] = new("Videos", "Logos in a video") { Query = Range },
        ["retrieveThumbnail"] = new("Videos", "Address of a picture of a video") { Query = ["time"], Description = "The index needs the thumbnail add-on. The address works for one hour, without a key." },
        ["downloadThumbnail"] = new("Videos", "The picture itself") { Query = ["time", "expires", "signature"], RequiredQuery = ["time", "expires", "signature"], Errors = [403, 404], Media = "image/jpeg" },

        ["createTask"] = new("Tasks", "Index a video") { Form = "CreateTaskForm", Errors = [400, 404, 503] },
        ["listTasks"] = new("Tasks", "List the tasks") { Query = ListNames(TaskList.Table), Errors = [400], Description = "The newest first." },
        ["countTasks"] = new("Tasks", "Count the tasks of an index by state") { Query = ["index_id"], RequiredQuery = ["index_id"], AnswersNull = true, Description = "The bare JSON `null` for an index without tasks." },
        ["retrieveTask"] = new("Tasks", "Retrieve a task"),
        ["deleteTask"] = new("Tasks", "Delete a task") { Errors = [400, 404, 409], Description = "Only failed tasks, and ready ones whose video was deleted." },
        ["createTransfer"] = new("Tasks", "Index the videos that a file lists") { Form = "TransferForm" },

        ["search"] = new("Search", "Search in an index") { Required = Found, Errors = [400, 404, 503], Description = "With an object as `query`, `search_options` may be left to its texts." },
        ["searchPage"] = new("Search", "A further page of a search") { Errors = [400] },
        ["combinedSearch"] = new("Combined queries", "Search with a combined query") { Required = ["index_id", "query"], Errors = [400, 404, 503] },
        ["combinedSearchPage"] = new("Combined queries", "A further page of a combined search") { Errors = [400] },

        ["classifyVideo"] = new("Classify", "Label one video") { Required = ["video_id", "options"], Errors = [400, 404, 503] },
        ["classifyBulk"] = new("Classify", "Label the videos of an index") { Required = ["index_id", "options"], Errors = [400, 404, 503] },
        ["classifyPage"] = new("Classify", "A further page of a classification") { Errors = [400] },

        // The administration API, beside v1.1.
        ["createWebhook"] = new("Webhooks", "Add a webhook") { Required = ["url"], Errors = [400], Description = "The secret is what its notifications are signed with." },
        ["listWebhooks"] = new("Webhooks", "List the webhooks") { Query = ListNames(WebhookLists.Endpoints), Errors = [400], Description = "The oldest first, unless `sort_by` or `sort_option` is given." },
        ["retrieveWebhook"] = new("Webhooks", "Retrieve a webhook"),
        ["updateWebhook"] = new("Webhooks", "Change, enable or disable a webhook") { Description = "What is left out stays as it is." },
        ["deleteWebhook"] = new("Webhooks", "Remove a webhook with its log"),
        ["retrieveSecret"] = new("Webhooks", "The secret of a webhook"),
        ["rotateSecret"] = new("Webhooks", "Give a webhook another secret") { Description = "The old one stops at once." },
        ["listAttempts"] = new("Webhooks", "What was sent to a webhook") { Query = ListNames(WebhookLists.Attempts), Description = "The newest first." },
        ["listEvents"] = new("Webhooks", "List the events") { Query = ListNames(WebhookLists.Events), Errors = [400], Description = "The newest first." },
        ["retrieveEvent"] = new("Webhooks", "Retrieve an event") { Errors = [404] },
        ["replayEvent"] = new("Webhooks", "Send an event again") { Description = "To one webhook, or to every enabled one that wants it." },

        ["createGalleryLogo"] = new("Logo gallery", "Add a picture of a logo") { Form = "GalleryLogoForm", Errors = [400, 503], Description = "It is found in videos that are indexed already, too." },
        ["listGalleryLogos"] = new("Logo gallery", "List the pictures") { Query = ListNames(GalleryList.Table), Errors = [400], Description = "The oldest first, unless `sort_by` or `sort_option` is given." },
        ["retrieveGalleryLogo"] = new("Logo gallery", "Retrieve a picture's entry"),
        ["downloadGalleryLogo"] = new("Logo gallery", "The picture itself") { Media = "image/*" },
        ["deleteGalleryLogo"] = new("Logo gallery", "Remove a picture"),
    };

    /// <summary>What an operation is told about that nobody has described yet.</summary>
    public static OperationFacts Of(string operationId) => All.GetValueOrDefault(operationId) ?? new OperationFacts("More", operationId);

    /// <summary>The query of a list, from the same table by which it is read.</summary>
    private static string[] ListNames<T>(ListTable<T> table) where T : class =>
    [
        "page", "page_limit", "sort_by", "sort_option",
        .. table.Fields.SelectMany(field => field.HasBounds ? [field.Name, $"{field.Name}[gte]", $"{field.Name}[lte]"] : new[] { field.Name }),
    ];
}
