using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>HTTP client for verbs that work with a running server.</summary>
internal sealed class ServerClient : IDisposable
{
    /// <summary>Name of the check in <c>/health/ready</c> that is present until all models are checked.</summary>
    internal const string LoadingCheck = "models";

    private readonly HttpClient _http;

    public ServerClient(Uri server, string key)
    {
        // Uploads of large files have no time limit; the user can interrupt.
        _http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Add("x-api-key", key);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>All indexes of the account, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonNode>> IndexesAsync(CancellationToken cancellationToken)
    {
        var indexes = new List<JsonNode>();
        for (var (page, pages) = (1, 1); page <= pages; page++)
        {
            var answer = await GetAsync(string.Create(CultureInfo.InvariantCulture, $"/v1.1/indexes?page={page}&page_limit=50"),
                cancellationToken);
            indexes.AddRange((answer["data"] as JsonArray ?? []).OfType<JsonNode>());
            pages = (int?)answer["page_info"]?["total_page"] ?? 1;
        }
        return indexes;
    }

    /// <returns>Id of the new index.</returns>
    public async Task<string> CreateIndexAsync(
        string name, IReadOnlyList<string> options, IReadOnlyList<string> addons, CancellationToken cancellationToken)
    {
        var body = JsonContent.Create(new { engine_id = "marengo2", index_name = name, index_options = options, addons });
        return Text(await PostAsync("/v1.1/indexes", body, cancellationToken), "_id");
    }

    /// <summary>Sends a file. Returns the new task's id.</summary>
    /// <param name="sent">Called with the sent share, 0 to 1; null for no reports.</param>
    public async Task<string> UploadAsync(
        string indexId, string path, string language, Action<double>? sent, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(indexId), "index_id" },
            { new StringContent(language), "language" },
            { new MeteredContent(file, sent), "video_file", Path.GetFileName(path) },
        };
        return Text(await PostAsync("/v1.1/tasks", form, cancellationToken), "_id");
    }

    /// <summary>Creates a task for a video that the server fetches. Returns its id.</summary>
    public async Task<string> FetchAsync(string indexId, string address, string language, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(indexId), "index_id" },
            { new StringContent(language), "language" },
            { new StringContent(address), "video_url" },
        };
        return Text(await PostAsync("/v1.1/tasks", form, cancellationToken), "_id");
    }

    public Task<JsonNode> TaskAsync(string taskId, CancellationToken cancellationToken)
        => GetAsync($"/v1.1/tasks/{taskId}", cancellationToken);

    /// <summary>Returns true if the index has an indexed video with this file name and size in bytes.</summary>
    public async Task<bool> HasAsync(string indexId, string filename, long bytes, CancellationToken cancellationToken)
    {
        var found = await GetAsync(string.Create(CultureInfo.InvariantCulture,
            $"/v1.1/indexes/{indexId}/videos?filename={Uri.EscapeDataString(filename)}&size={bytes}"), cancellationToken);
        return (found["data"] as JsonArray ?? []).Any(video => video?["indexed_at"] is not null);
    }

    /// <summary>Returns the title of a video, or its file name without a title.</summary>
    public async Task<string> VideoNameAsync(string indexId, string videoId, CancellationToken cancellationToken)
    {
        var metadata = (await GetAsync($"/v1.1/indexes/{indexId}/videos/{videoId}", cancellationToken))["metadata"];
        return (string?)metadata?["title"] ?? (string?)metadata?["filename"] ?? videoId;
    }

    /// <summary>Returns the first words of the longest recognised segment; null if nothing was recognised.</summary>
    /// <param name="kind"><c>transcription</c> or <c>text-in-video</c>.</param>
    public async Task<string?> PhraseAsync(string indexId, string videoId, string kind, CancellationToken cancellationToken)
    {
        var answer = await GetAsync($"/v1.1/indexes/{indexId}/videos/{videoId}/{kind}", cancellationToken);
        var values = (answer["data"] as JsonArray ?? []).Select(segment => (string?)segment?["value"] ?? "");
        return values.MaxBy(value => Math.Min(value.Length, 60)) is { Length: > 0 } phrase
            ? string.Join(' ', phrase.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(8))
            : null;
    }

    /// <param name="threshold"><c>high</c>, <c>medium</c>, <c>low</c> or <c>none</c>.</param>
    /// <param name="hits">Maximum hits, 1 to 50.</param>
    public async Task<JsonArray> SearchAsync(
        string indexId, string query, IReadOnlyList<string> options, string threshold, int hits, CancellationToken cancellationToken)
        => (await PostAsync("/v1.1/search",
            JsonContent.Create(new { index_id = indexId, query, search_options = options, threshold, page_limit = hits }),
            cancellationToken))["data"] as JsonArray ?? [];

    /// <summary>Waits until <c>/health/ready</c> no longer reports that models are loading.</summary>
    public async Task<JsonNode> ReadinessAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            using var response = await _http.GetAsync("/health/ready", cancellationToken);
            var answer = await response.Content.ReadFromJsonAsync<JsonNode>(cancellationToken);
            var loading = answer?["checks"]?.AsArray().Any(check => (string?)check?["name"] == LoadingCheck) ?? true;
            if (!loading)
                return answer!;
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellationToken);
        }
    }

    /// <summary>Sends any request to the API.</summary>
    /// <param name="body">Null for none.</param>
    /// <returns>The response; an empty object if it has no body.</returns>
    public Task<JsonNode> SendAsync(HttpMethod method, string address, JsonNode? body, CancellationToken cancellationToken)
        => SendAsync(new HttpRequestMessage(method, address) { Content = body is null ? null : JsonContent.Create(body) },
            cancellationToken);

    private Task<JsonNode> GetAsync(string address, CancellationToken cancellationToken)
        => SendAsync(new HttpRequestMessage(HttpMethod.Get, address), cancellationToken);

    private Task<JsonNode> PostAsync(string address, HttpContent body, CancellationToken cancellationToken)
        => SendAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = body }, cancellationToken);

    /// <exception cref="CommandFailure">The server does not answer or returned an error. The message contains the server's error
    /// message.</exception>
    private async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var _ = request;
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            return Read(response, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException unreachable)
        {
            throw new CommandFailure($"The server at {_http.BaseAddress} does not answer: {unreachable.Message} Start one with ./run.sh, "
                + $"or name another with {ServerOptions.ServerName} URL.");
        }
    }

    private static JsonNode Read(HttpResponseMessage response, string body)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
            return new JsonObject();
        try
        {
            var answer = JsonNode.Parse(body);
            return response.IsSuccessStatusCode && answer is not null ? answer
                : throw new CommandFailure($"The server refused: {(string?)answer?["message"] ?? body}");
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            throw new CommandFailure($"The server answered {(int)response.StatusCode} without JSON of the API. Check the address.");
        }
    }

    private static string Text(JsonNode answer, string member)
        => (string?)answer[member] ?? throw new CommandFailure($"The answer has no {member}: {answer.ToJsonString()}");
}

/// <summary>Request content that sends a file and reports the progress.</summary>
/// <param name="sent">Called with the sent share, 0 to 1, after every buffer; null for no reports.</param>
internal sealed class MeteredContent(FileStream file, Action<double>? sent) : HttpContent
{
    private const int BufferBytes = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent?.Invoke((double)file.Position / file.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
