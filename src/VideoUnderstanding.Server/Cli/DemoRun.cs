using System.Globalization;
using System.Text.Json.Nodes;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Cli;

/// <summary>One clip from upload to hits on a server that has just started, told on the console.</summary>
internal sealed class DemoRun(WebApplication app, DemoClip clip, string query)
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var server = Address(app.Urls.First());
        using var client = new DemoClient(server, await NewKeyAsync(cancellationToken));
        Console.WriteLine($"The server runs on {server}. Loading the models ...");
        Tell(await client.ReadinessAsync(cancellationToken));

        string[] options = clip.Info.Audio is null ? [IndexOptions.Visual, IndexOptions.TextInVideo] : [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo];
        var name = $"demo {app.Services.GetRequiredService<TimeProvider>().GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}";
        var indexId = await client.CreateIndexAsync(name, options, cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Created index {indexId}. Uploading {Path.GetFileName(clip.Path)} ({clip.Info.DurationSeconds:0.0} s, {clip.Info.SizeBytes / 1048576.0:0.0} MB) ..."));
        var videoId = await IndexAsync(client, await client.UploadAsync(indexId, clip.Path, cancellationToken), cancellationToken);

        foreach (var option in options)
            await SearchAsync(client, indexId, videoId, option, cancellationToken);
        Console.WriteLine($"\nThe server goes on running on {server}; Ctrl-C stops it. Keys: ./vu keys create --name NAME");
    }

    /// <returns>The id of the video, once it is ready.</returns>
    private static async Task<string> IndexAsync(DemoClient client, string taskId, CancellationToken cancellationToken)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var (shown, shownAt) = ("", TimeSpan.Zero);
        while (true)
        {
            var task = await client.TaskAsync(taskId, cancellationToken);
            var state = (string?)task["status"] ?? "";
            var elapsed = TimeProvider.System.GetElapsedTime(begin);
            // In a file every line stays, so there are fewer of them.
            if (!Console.IsOutputRedirected || state != shown || elapsed - shownAt > TimeSpan.FromSeconds(10))
            {
                Console.Write(Console.IsOutputRedirected ? $"  {Progress(state, task)}\n" : $"\r  {Progress(state, task),-60}");
                (shown, shownAt) = (state, elapsed);
            }
            if (state == "ready")
            {
                Console.WriteLine();
                return (string)task["video_id"]!;
            }
            if (state == "failed")
                throw new CommandFailure($"\nIndexing failed: {task.ToJsonString()}");
            await Task.Delay(PollPause, cancellationToken);
        }
    }

    /// <summary>The state, and what the server says of the work that is done and the time that is left.</summary>
    internal static string Progress(string state, JsonNode task) => task["process"] is { } process
        ? string.Create(CultureInfo.InvariantCulture, $"{state} {(double?)process["percentage"] ?? 0:0} %, about {(double?)process["remain_seconds"] ?? 0:0} s left")
        : state;

    private async Task SearchAsync(DemoClient client, string indexId, string videoId, string option, CancellationToken cancellationToken)
    {
        var text = option switch
        {
            IndexOptions.Conversation => await client.PhraseAsync(indexId, videoId, "transcription", cancellationToken),
            IndexOptions.TextInVideo => await client.PhraseAsync(indexId, videoId, "text-in-video", cancellationToken),
            _ => query,
        };
        if (text is null)
        {
            Console.WriteLine($"\n{option}: nothing was {(option == IndexOptions.Conversation ? "said" : "written")} in this clip.");
            return;
        }
        Console.WriteLine($"\n{option}: \"{text}\"");
        var hits = await client.SearchAsync(indexId, text, option, cancellationToken);
        if (hits.Count == 0)
            Console.WriteLine("  no hits");
        foreach (var hit in hits)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {(double?)hit?["start"],8:0.00} - {(double?)hit?["end"],8:0.00} s   score {(double?)hit?["score"],6:0.00}   {(string?)hit?["confidence"],-6}  {hit?["metadata"]?[0]?["text"]}"));
    }

    private static void Tell(JsonNode readiness)
    {
        foreach (var check in readiness["checks"]?.AsArray() ?? [])
            Console.WriteLine($"  {((bool?)check?["ok"] == true ? "ok" : "NOT READY"),-10} {check?["name"]}: {check?["detail"]}");
    }

    private async Task<string> NewKeyAsync(CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().CreateAsync("demo", cancellationToken)).Secret;
    }

    /// <summary>An address that a client can call, for one that a server listens on.</summary>
    internal static Uri Address(string url) => new(url.Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
        .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal));
}
