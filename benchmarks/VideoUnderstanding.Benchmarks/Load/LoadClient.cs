using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>One connection of one key that sends one kind of request until it is cancelled.</summary>
/// <param name="pause">Pause between two requests; zero for the heavy key.</param>
internal sealed class LoadClient(Uri server, LoadKey key, TimeSpan pause, LoadRecord record)
{
    private static readonly string[] Queries = ["pink", "black", "something red", "train tickets", "a boat departs"];

    public async Task RunAsync(LoadWork work, byte[] clip, TimeSpan uploadTime, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1, PooledConnectionLifetime = Timeout.InfiniteTimeSpan };
        using var http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("x-api-key", key.Secret);
        for (var number = Random.Shared.Next(Queries.Length); !stop.IsCancellationRequested; number++)
        {
            await SendAsync(work, () => work switch
            {
                LoadWork.Upload => UploadAsync(http, clip, uploadTime, stop),
                LoadWork.Search => http.PostAsJsonAsync("/v1.1/search",
                    new
                    {
                        index_id = key.Index, query = Queries[number % Queries.Length], search_options = new[] { "visual", "conversation" },
                        threshold = "none",
                    }, stop),
                _ => http.GetAsync(number % 2 == 0 ? $"/v1.1/tasks?index_id={key.Index}" : $"/v1.1/tasks/{key.Task}", stop),
            }, stop);
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SendAsync(LoadWork work, Func<Task<HttpResponseMessage>> send, CancellationToken stop)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var response = await send();
            var answer = await response.Content.ReadAsStringAsync(stop);
            if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.TooManyRequests)
                Console.Error.WriteLine($"{work}: {(int)response.StatusCode} {answer}");
            record.Add(key.Name, work, $"{(int)response.StatusCode}", Stopwatch.GetElapsedTime(begun));
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
        {
            if (!stop.IsCancellationRequested)
                record.Add(key.Name, work, broken.GetBaseException().GetType().Name, Stopwatch.GetElapsedTime(begun));
        }
    }

    private async Task<HttpResponseMessage> UploadAsync(HttpClient http, byte[] clip, TimeSpan duration, CancellationToken stop)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(key.Index), "index_id" }, { new StringContent("en"), "language" },
            { new SlowFile(clip, duration), "video_file", "clip.avi" },
        };
        return await http.PostAsync("/v1.1/tasks", form, stop);
    }
}

/// <summary>A key with an index and one task whose video is in it.</summary>
internal sealed record LoadKey(string Name, string Secret, string Index, string Task)
{
    public static async Task<LoadKey> PrepareAsync(LoadServer server, string name)
    {
        var secret = await server.CreateKeyAsync(name);
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Add("x-api-key", secret);
        var index = await IdOfAsync(
            await http.PostAsJsonAsync("/v1.1/indexes",
                new { engine_id = "marengo2", index_name = name, index_options = new[] { "visual", "conversation" } }));
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index), "index_id" }, { new StringContent("en"), "language" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(server.Clip)), "video_file", "clip.avi" },
        };
        var task = await IdOfAsync(await http.PostAsync("/v1.1/tasks", form));
        while ((string?)(await http.GetFromJsonAsync<JsonNode>($"/v1.1/tasks/{task}"))!["status"] != "ready")
            await System.Threading.Tasks.Task.Delay(200);
        return new LoadKey(name, secret, index, task);
    }

    private static async Task<string> IdOfAsync(HttpResponseMessage response)
    {
        using (response)
            return (string)(await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["_id"]!;
    }
}
