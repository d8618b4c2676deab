using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Cli;

/// <summary>The v1.1 calls of a demonstration, made over HTTP as any client makes them.</summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient http;

    public DemoClient(Uri server, string key)
    {
        // A large file takes its time; the user can interrupt.
        http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    public void Dispose() => http.Dispose();

    /// <returns>The new index's id.</returns>
    public async Task<string> CreateIndexAsync(string name, IReadOnlyList<string> options, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/v1.1/indexes", new { engine_id = "marengo2", index_name = name, index_options = options }, cancellationToken);
        return Text(await ReadAsync(response, cancellationToken), "_id");
    }

    /// <returns>The new task's id.</returns>
    public async Task<string> UploadAsync(string indexId, string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(indexId), "index_id" },
            { new StringContent("en"), "language" },
            { new StreamContent(file), "video_file", Path.GetFileName(path) },
        };
        using var response = await http.PostAsync("/v1.1/tasks", form, cancellationToken);
        return Text(await ReadAsync(response, cancellationToken), "_id");
    }

    public Task<JsonNode> TaskAsync(string taskId, CancellationToken cancellationToken) => GetAsync($"/v1.1/tasks/{taskId}", cancellationToken);

    /// <summary>The first words of a video's text answer that are worth searching for; null when it has none.</summary>
    /// <param name="kind"><c>transcription</c> or <c>text-in-video</c>.</param>
    public async Task<string?> PhraseAsync(string indexId, string videoId, string kind, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"/v1.1/indexes/{indexId}/videos/{videoId}/{kind}", cancellationToken);
        var values = (answer["data"] as JsonArray ?? []).Select(segment => (string?)segment?["value"] ?? "");
        return values.MaxBy(value => Math.Min(value.Length, 60)) is { Length: > 0 } phrase
            ? string.Join(' ', phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(8))
            : null;
    }

    public async Task<JsonArray> SearchAsync(string indexId, string query, string option, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync("/v1.1/search",
            new { index_id = indexId, query, search_options = new[] { option }, threshold = "none", page_limit = 3 }, cancellationToken);
        return (await ReadAsync(response, cancellationToken))["data"] as JsonArray ?? [];
    }

    /// <summary>Waits until <c>/health/ready</c> answers with anything but "still loading".</summary>
    public async Task<JsonNode> ReadinessAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await http.GetAsync("/health/ready", cancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
            var loading = answer?["checks"]?.AsArray().Any(check => (string?)check?["name"] == Health.Readiness.Loading) ?? true;
            if (!loading)
                return answer!;
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
        }
    }

    private async Task<JsonNode> GetAsync(string address, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync(address, cancellationToken);
        return await ReadAsync(response, cancellationToken);
    }

    /// <exception cref="CommandFailure">The server refused; its own sentence is told.</exception>
    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            var answer = JsonNode.Parse(body);
            if (response.IsSuccessStatusCode && answer is not null)
                return answer;
            throw new CommandFailure($"The server refused: {(string?)answer?["message"] ?? body}");
        }
        catch (JsonException)
        {
            throw new CommandFailure($"The server answered {(int)response.StatusCode}: {body}");
        }
    }

    private static string Text(JsonNode answer, string member) => (string?)answer[member] ?? throw new CommandFailure($"The answer has no {member}: {answer.ToJsonString()}");
}
