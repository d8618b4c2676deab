using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Contract;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>Sends generated invalid input to every operation of the published document. The same seed gives the same requests.
/// VIDEOUNDERSTANDING_FUZZ_SECONDS prolongs the test to this duration, VIDEOUNDERSTANDING_FUZZ_SEED sets the seed.</summary>
public sealed partial class FuzzTests(DatabaseTemplate template)
{
    private const int MinRounds = 10;
    private const int MinRoundsForCoverage = 60;

    /// <summary>Operations whose valid input is the response of another operation, or that need a state which no generated request
    /// creates.</summary>
    private static readonly string[] NeedFinishedWork = ["searchPage", "combinedSearchPage", "classifyPage", "downloadThumbnail",
        "downloadPlaylist", "downloadOriginal", "downloadSegment", "deleteTask", "createTask", "createTransfer", "createGalleryLogo",
        "searchPicture"];

    [Fact]
    public async Task Invalid_input_is_answered_with_a_json_error()
    {
        var (seconds, seed) = (Setting("SECONDS") ?? 0, Setting("SEED") ?? 20230302);
        await using var server = await TestServer.StartAsync(
            template, new Dictionary<string, string?> { ["VideoUnderstanding:Webhooks:MaxEndpoints"] = "1000" },
            fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
        var (document, random, result, begin, round) = (await DocumentFile.OfServerAsync(server), new Random(seed), new FuzzResult(),
            TimeProvider.System.GetTimestamp(), 0);
        for (; round < MinRounds || TimeProvider.System.GetElapsedTime(begin).TotalSeconds < seconds; round++)
            await RunRoundAsync(server, document, random, result);
        Assert.True(result.Texts.Count == 0,
            $"{result.Texts.Count} failures in {round} rounds with seed {seed}; the first:\n{string.Join("\n\n", result.Texts.Take(15))}");
        // In a long run every operation must accept a request. Otherwise only its validation is tested.
        var shallow = result.Operations.Where(operation => !operation.Value.Contains(true)).Select(operation => operation.Key)
            .Except(NeedFinishedWork).ToList();
        Assert.True(round < MinRoundsForCoverage || shallow.Count == 0,
            $"No input was good enough for: {string.Join(", ", shallow)} in {round} rounds");
    }

    /// <summary>Sends one request to every operation.</summary>
    private static async Task RunRoundAsync(TestServer server, DocumentFile document, Random random, FuzzResult result)
    {
        var maker = await MakerAsync(server, document, random);
        foreach (var (method, path, operation) in Operations(document))
        {
            await SendAsync(server, maker, method, path, operation, result);
            // The known rows may be deleted.
            if (method == "delete")
                maker = await MakerAsync(server, document, random);
        }
    }

    private static async Task SendAsync(
        TestServer server, RequestMaker maker, string method, string path, JsonObject operation, FuzzResult result)
    {
        using var client = server.CreateClient(withKey: false);
        using var request = maker.Make(method, path, operation);
        var sent =
            $"{method} {request.RequestUri!.PathAndQuery} {request.Content?.Headers.ContentType} {await ShortenedAsync(request.Content)}";
        try
        {
            using var response = await client.SendAsync(request);
            result.Note(operation["operationId"]!.ToString(), response.IsSuccessStatusCode);
            if (FindProblem(response, await response.Content.ReadAsStringAsync()) is { } wrong)
                result.Texts.Add($"{wrong}\n  {sent}");
        }
        catch (HttpRequestException broken)
        {
            result.Texts.Add($"{broken.Message} {broken.InnerException?.Message}\n  {sent}");
        }
    }

    private static string? FindProblem(HttpResponseMessage response, string text)
    {
        var (status, media) = ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
        if (status >= 500)
            return $"{status}: {text}";
        if (Leak().IsMatch(text))
            return $"{status} tells too much: {text}";
        if (!response.Headers.TryGetValues("X-Api-Version", out var versions) || versions.Single() != "1.1")
            return $"{status} without the version: {text}";
        if (text.Length == 0)
            return status is 200 or 204 ? null : $"{status} without a body";
        if (status == 200 && media is "image/jpeg" or "image/png")
            return null;
        if (media != "application/json")
            return $"{status} with {media}: {text}";
        using var json = JsonDocument.Parse(text);
        return status < 400
            || (json.RootElement.GetProperty("code").ValueKind == JsonValueKind.String
                && json.RootElement.GetProperty("message").ValueKind == JsonValueKind.String)
            ? null
            : $"{status} in another form: {text}";
    }

    /// <summary>Adds the rows whose identifiers the requests may contain.</summary>
    private static async Task<RequestMaker> MakerAsync(TestServer server, DocumentFile document, Random random)
    {
        var index = await server.AddIndexAsync(addons: ["thumbnail"]);
        var (video, task) = await server.AddVideoAsync(index, custom: """{"year": 2020, "town": "Oslo"}""");
        var (webhook, happened, logo) = Administration(server, task.Id);
        await server.SaveAsync(webhook, happened, logo);
        var known = new Dictionary<string, string>
        {
            ["webhook-id"] = webhook.Id, ["webhook_id"] = webhook.Id, ["event-id"] = happened.Id, ["logo-id"] = logo.Id,
            ["url"] = webhook.Url, ["name"] = logo.Name,
            ["index-id"] = index.Id, ["index_id"] = index.Id, ["video-id"] = video.Id, ["video_id"] = video.Id, ["task-id"] = task.Id,
            ["engine-id"] = "marengo2", ["engine_id"] = "marengo2", ["language"] = "en",
        };
        return new RequestMaker(document, server.Address, server.Key, known, random);
    }

    /// <summary>Rows whose identifiers the requests of the administration API may contain.</summary>
    private static (WebhookEndpoint Webhook, WebhookEvent Happened, Logo Logo) Administration(TestServer server, string taskId)
    {
        var now = server.Clock.GetUtcNow();
        return (
            new WebhookEndpoint
            {
                Id = ObjectIds.New(server.Clock), AccountId = server.AccountId, Url = "https://hooks.example.org/videos",
                Secret = "known to nobody", Events = [.. WebhookEventTypes.All], Enabled = true,
                CreatedAt = now, UpdatedAt = now,
            },
            new WebhookEvent
            {
                Id = $"whe_{Guid.NewGuid():N}", AccountId = server.AccountId, Type = WebhookEventTypes.TaskReady, TaskId = taskId,
                Body = [], CreatedAt = now,
            },
            new Logo
            {
                Id = ObjectIds.New(server.Clock), AccountId = server.AccountId, Name = "Acme", Picture = [1], MediaType = "image/png",
                CreatedAt = now, Vectors = [new LogoVector { Model = "", Embedding = ColourVectors.Picture("red", 1) }],
            });
    }

    private static IEnumerable<(string Method, string Path, JsonObject Operation)> Operations(DocumentFile document) =>
        from path in document.Root["paths"]!.AsObject()
        let root = path.Value!.AsObject().ContainsKey("servers") ? "" : "/v1.1"
        from operation in path.Value!.AsObject()
        where operation.Key != "servers"
        select (operation.Key, root + path.Key, operation.Value!.AsObject());

    private static async Task<string> ShortenedAsync(HttpContent? content)
        => content is null ? "" : await content.ReadAsStringAsync() is var text && text.Length > 600 ? $"{text[..600]}... ({text.Length})"
            : text;

    private static int? Setting(string name)
        => int.TryParse(Environment.GetEnvironmentVariable($"VIDEOUNDERSTANDING_FUZZ_{name}"), NumberStyles.None,
            CultureInfo.InvariantCulture, out var value) ? value : null;

    [GeneratedRegex(@"\n\s+at |Exception|\.cs:line|Npgsql|/src/|/tmp/|System\.")]
    private static partial Regex Leak();
}

/// <summary>Results of a run.</summary>
internal sealed class FuzzResult
{
    public List<string> Texts { get; } = [];

    /// <summary>By operationId: contains true if a request succeeded, and false if a request was refused.</summary>
    public Dictionary<string, HashSet<bool>> Operations { get; } = [];

    public void Note(string operation, bool succeeded)
    {
        if (!Operations.TryGetValue(operation, out var seen))
            Operations[operation] = seen = [];
        seen.Add(succeeded);
    }
}
