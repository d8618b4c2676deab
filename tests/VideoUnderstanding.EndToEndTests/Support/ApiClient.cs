using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>A client of the v1.1 API.</summary>
/// <param name="describe">Returns rows of the server's database for the message of a task that did not end.</param>
public sealed class ApiClient(HttpClient http, Func<string, Task<string>>? describe = null)
{
    private static readonly TimeSpan IndexingTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Polling 20 tasks at the same time stays below the server's limit of 6000 requests per minute.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(250);

    public HttpClient Http => http;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async Task<string> CreateIndexAsync(string name, params string[] options)
    {
        var answer = await SendAsync(HttpMethod.Post, "indexes",
            new { engine_id = "marengo2", index_name = name, index_options = options, addons = new[] { "thumbnail" } });
        return answer.Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!;
    }

    /// <summary>Uploads a file. The response contains the identifier of the task, or the error.</summary>
    public async Task<ApiAnswer> UploadAsync(string indexId, string path, params (string Name, string Value)[] fields)
    {
        using var form = Form(indexId, fields);
        await using var file = File.OpenRead(path);
        form.Add(new StreamContent(file), "video_file", Path.GetFileName(path));
        return await SendAsync(HttpMethod.Post, "tasks", form);
    }

    public async Task<ApiAnswer> UploadWithTranscriptAsync(string indexId, string path, string subtitles)
    {
        using var form = Form(indexId, [("provide_transcription", "true")]);
        await using var file = File.OpenRead(path);
        form.Add(new StringContent(subtitles), "transcription_file", "subtitles.srt");
        form.Add(new StreamContent(file), "video_file", Path.GetFileName(path));
        return await SendAsync(HttpMethod.Post, "tasks", form);
    }

    public async Task<ApiAnswer> UploadByAddressAsync(string indexId, Uri address, params (string Name, string Value)[] fields)
    {
        using var form = Form(indexId, [("video_url", address.AbsoluteUri), .. fields]);
        return await SendAsync(HttpMethod.Post, "tasks", form);
    }

    /// <summary>The same with a URL-encoded form. It cannot contain a file, so the server does not check the free disk space for
    /// one.</summary>
    public async Task<ApiAnswer> OrderAsync(string indexId, Uri address)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["index_id"] = indexId, ["language"] = "en", ["video_url"] = address.AbsoluteUri,
        });
        return await SendAsync(HttpMethod.Post, "tasks", form);
    }

    /// <summary>Polls the task until it is ready or failed.</summary>
    public async Task<JsonElement> FinishedTaskAsync(string taskId)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); ; await Task.Delay(PollInterval, Cancellation))
        {
            var isLast = TimeProvider.System.GetElapsedTime(begin) >= IndexingTimeout;
            var task = (await GetAsync($"tasks/{taskId}")).Expect(HttpStatusCode.OK);
            if (task.GetProperty("status").GetString() is "ready" or "failed")
                return task;
            if (isLast)
                throw new TimeoutException($"The task is not finished after {IndexingTimeout}: {task}\n"
                    + (describe is null ? "" : await describe(taskId)));
        }
    }

    /// <summary>Uploads a file, waits until it is indexed, and returns the video's identifier.</summary>
    public async Task<string> IndexAsync(string indexId, string path, string? subtitles = null)
    {
        var answer = subtitles is null ? await UploadAsync(indexId, path) : await UploadWithTranscriptAsync(indexId, path, subtitles);
        var task = await FinishedTaskAsync(answer.Expect(HttpStatusCode.Created).GetProperty("_id").GetString()!);
        Assert.True(task.GetProperty("status").GetString() == "ready", $"{Path.GetFileName(path)}: {task}");
        return task.GetProperty("video_id").GetString()!;
    }

    /// <summary>Adds a picture to the logo gallery and returns its identifier.</summary>
    public async Task<string> AddLogoAsync(string name, string path)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(name), "name" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(path, Cancellation)), "file", Path.GetFileName(path) },
        };
        using var response = await http.PostAsync("/admin/logos", form, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.GetProperty("_id").GetString()!;
    }

    /// <summary>Returns the clips of the first page, best first.</summary>
    public async Task<IReadOnlyList<FoundClip>> SearchAsync(
        string indexId, string query, string option, string conversationOption = "semantic", string threshold = "low", int limit = 10)
    {
        var request = new
        {
            index_id = indexId, query, search_options = new[] { option }, conversation_option = conversationOption, threshold,
            page_limit = limit,
        };
        var answer = await SendAsync(HttpMethod.Post, "search", request);
        return FoundClip.AllOf(answer.Expect(HttpStatusCode.OK));
    }

    /// <summary>Searches by a picture file, or by the picture of a video that the fields name.</summary>
    public async Task<ApiAnswer> SearchByPictureAsync(string indexId, byte[]? picture, params (string Name, string Value)[] fields)
    {
        using var form = new MultipartFormDataContent { { new StringContent(indexId), "index_id" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        if (picture is not null)
            form.Add(new ByteArrayContent(picture), "picture", "picture.jpg");
        return await SendAsync(HttpMethod.Post, "search/picture", form);
    }

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, content: null);

    public Task<ApiAnswer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, content: null);

    public Task<ApiAnswer> SendAsync(HttpMethod method, string path, object body) => SendAsync(method, path, JsonContent.Create(body));

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, "/v1.1/" + path) { Content = content };
        using var response = await http.SendAsync(request, Cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(Cancellation);
        return new ApiAnswer(response.StatusCode, body.Length == 0 ? default : JsonElement.Parse(body));
    }

    private static MultipartFormDataContent Form(string indexId, IEnumerable<(string Name, string Value)> fields)
    {
        var form = new MultipartFormDataContent { { new StringContent(indexId), "index_id" }, { new StringContent("en"), "language" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }
}

/// <param name="Body">Undefined if the response has no body.</param>
public readonly record struct ApiAnswer(HttpStatusCode Status, JsonElement Body)
{
    public string? ErrorCode
        => Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty("code", out var code) ? code.GetString() : null;

    public JsonElement Expect(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Body}");
        return Body;
    }

    public void ExpectError(HttpStatusCode status, string code)
    {
        Expect(status);
        Assert.Equal(code, ErrorCode);
    }
}

/// <summary>A clip of a search response. Times are seconds.</summary>
public sealed record FoundClip(string VideoId, double Start, double End, double Score, string Confidence, string? Text)
{
    public static IReadOnlyList<FoundClip> AllOf(JsonElement answer) => [.. answer.GetProperty("data").EnumerateArray().Select(Of)];

    public static FoundClip Of(JsonElement clip) => new(
        clip.GetProperty("video_id").GetString()!, clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble(),
        clip.GetProperty("score").GetDouble(), clip.GetProperty("confidence").GetString()!,
        clip.GetProperty("metadata")[0].TryGetProperty("text", out var text) ? text.GetString() : null);

    public bool Overlaps(double start, double end) => Start < end && End > start;
}
