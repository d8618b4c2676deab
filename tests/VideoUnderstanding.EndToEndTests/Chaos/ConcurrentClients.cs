using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Clients that upload, interrupt uploads, delete and search at the same time. They tolerate a server that is temporarily
/// down.</summary>
/// <param name="http">Returns the server of the next request.</param>
internal sealed class ConcurrentClients(
    Func<HttpClient> http, Tables tables, ClientResults results, string clips, Func<string, Uri> addressOf)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private string _index = "";
    private int _uploads;

    /// <summary>Number of open tasks at which no further video is uploaded.</summary>
    public int OpenTasks { get; init; } = 6;

    /// <summary>Returns how many bytes longer than the clip an upload is, by its number.</summary>
    public Func<int, int> PaddingOf { get; init; } = _ => 0;

    public string Index => _index;

    /// <summary>Options of the index, and of the searches.</summary>
    public string[] Options { get; init; } = ["visual", "conversation", "text_in_video"];

    public async Task CreateIndexAsync(CancellationToken cancellationToken)
    {
        var request = new
        {
            engine_id = "marengo2", index_name = "chaos", index_options = Options,
            addons = new[] { "thumbnail" },
        };
        using var answer = await http().PostAsJsonAsync("/v1.1/indexes", request, cancellationToken);
        _index = (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("_id")
            .GetString()!;
    }

    /// <summary>Uploads videos while fewer than <see cref="OpenTasks"/> tasks are open. Every fifth video is fetched from an address, and
    /// every seventh upload is interrupted half-way. Can be called several times at once.</summary>
    public async Task UploadAsync(CancellationToken stop)
    {
        for (; !stop.IsCancellationRequested; await Task.Delay(Pause, CancellationToken.None))
        {
            if (await tables.CountOpenAsync() is not { } open || open >= OpenTasks)
                continue;
            var number = Interlocked.Increment(ref _uploads);
            var clip = await SmallClips.CopyAsync(clips, number, PaddingOf(number), CancellationToken.None);
            if (number % 7 == 3)
                await InterruptUploadAsync(clip, number);
            else if (number % 5 == 4)
                await UploadAsync(await PublishAsync(clip, number), "video_url");
            else
                await UploadAsync(new ByteArrayContent(clip), "video_file", $"clip-{number}.mp4");
        }
    }

    /// <summary>Deletes some videos in any state of their tasks, and repeats each request until the deletion is confirmed.</summary>
    public async Task DeleteAsync(int seed, CancellationToken stop)
    {
        for (var random = new Random(seed); !stop.IsCancellationRequested;
            await Task.Delay(TimeSpan.FromSeconds(2) + Pause * random.Next(20), CancellationToken.None))
        {
            // At most every third video, so that most are indexed to the end even if the models are slow.
            if (3 * results.Deletions.Count >= results.Accepted.Count || await tables.AnyVideoAsync(random) is not { } video)
                continue;
            results.Deletions.TryAdd(video, null);
            while (await SendAsync(HttpMethod.Delete, $"/v1.1/indexes/{_index}/videos/{video}", null)
                is not (HttpStatusCode.NoContent or HttpStatusCode.NotFound, _))
                await Task.Delay(Pause, CancellationToken.None);
            results.Deletions[video] = TimeProvider.System.GetTimestamp();
        }
    }

    public async Task SearchAsync(CancellationToken stop)
    {
        (string Query, string Option)[] all = [("red", "visual"), ("ship leaves", "conversation"), ("harbour", "text_in_video"),
            ("yellow", "visual")];
        var queries = all.Where(one => Options.Contains(one.Option)).ToArray();
        for (var turn = 0; !stop.IsCancellationRequested; turn++, await Task.Delay(Pause, CancellationToken.None))
        {
            var (query, option) = queries[turn % queries.Length];
            var begin = TimeProvider.System.GetTimestamp();
            var (status, answer) = await SendAsync(HttpMethod.Post, "/v1.1/search",
                () => JsonContent.Create(new
                {
                    index_id = _index, query, search_options = new[] { option }, threshold = "low", page_limit = 50,
                }));
            if (status != HttpStatusCode.OK)
                continue;
            string[] shown = [.. answer.GetProperty("data").EnumerateArray().Select(clip => clip.GetProperty("video_id").GetString()!)
                .Distinct()];
            results.CountSearch(shown.Length);
            foreach (var video in shown)
                if (results.Deletions.TryGetValue(video, out var deleted) && deleted < begin)
                    results.Violations.Add($"A search for {query} showed video {video} after its deletion.");
            foreach (var video in await tables.UnfinishedAmongAsync(shown))
                results.Violations.Add($"A search for {query} showed video {video}, which is not indexed.");
        }
    }

    private async Task UploadAsync(HttpContent content, string name, string? file = null)
    {
        using var form = Form();
        if (file is null)
            form.Add(content, name);
        else
            form.Add(content, name, file);
        var (status, answer) = await SendAsync(HttpMethod.Post, "/v1.1/tasks", () => form);
        if (status == HttpStatusCode.Created)
            results.Accepted.Add(answer.GetProperty("_id").GetString()!);
    }

    private async Task<HttpContent> PublishAsync(byte[] clip, int number)
    {
        await File.WriteAllBytesAsync(Path.Combine(clips, $"offer-{number}.mp4"), clip);
        return new StringContent(addressOf($"offer-{number}.mp4").AbsoluteUri);
    }

    private async Task InterruptUploadAsync(byte[] clip, int number)
    {
        using var form = Form();
        form.Add(new HalfContent(clip), "video_file", $"{Tables.InterruptedPrefix}-{number}.mp4");
        await SendAsync(HttpMethod.Post, "/v1.1/tasks", () => form);
        results.CountInterrupted();
    }

    /// <summary>An error must name the unavailable service.</summary>
    private void CountRefused(string request, string message)
    {
        results.CountRefused(message);
        if (message == ApiError.Unexpected().Message)
            results.Violations.Add($"{request} was answered with an error without a reason: {message}");
    }

    private MultipartFormDataContent Form() => new() { { new StringContent(_index), "index_id" }, { new StringContent("en"), "language" } };

    /// <summary>Returns status 0 if the connection broke. A 5xx response in the error format of the API is counted. Any other error, and a
    /// timeout, is a violation; only a DELETE request may get 404.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Answer)> SendAsync(HttpMethod method, string path, Func<HttpContent>? content)
    {
        var client = http();
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content?.Invoke() };
            using var response = await client.SendAsync(request);
            var body = await response.Content.ReadAsByteArrayAsync();
            var answer = body.Length == 0 ? default : JsonElement.Parse(body);
            var isApiError = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("code", out _);
            if ((int)response.StatusCode >= 500 && isApiError)
                CountRefused($"{method} {path.Split('/')[2]}", answer.GetProperty("message").GetString()!);
            else if (!response.IsSuccessStatusCode && (response.StatusCode != HttpStatusCode.NotFound || method != HttpMethod.Delete))
                results.Violations.Add($"{method} {path} was answered with {(int)response.StatusCode} {answer}");
            return (response.StatusCode, answer);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return (0, default);
        }
        catch (OperationCanceledException)
        {
            results.Violations.Add($"{method} {path} was not answered within {client.Timeout}.");
            return (0, default);
        }
    }

    /// <summary>Sends half of a file, then fails like a client that disconnects.</summary>
    private sealed class HalfContent(byte[] content) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(content.AsMemory(0, content.Length / 2));
            await stream.FlushAsync();
            throw new IOException("The client disconnected.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = content.Length;
            return true;
        }
    }
}
