using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Indexes one clip on a running server, searches in it, and prints the results.</summary>
/// <param name="query">Visual query if there are no questions.</param>
/// <param name="questions">Null for a clip of unknown content; then its recognised words are searched for.</param>
internal sealed class DemoRun(StartedServer app, DemoClip clip, string query, IReadOnlyList<DemoQuestion>? questions)
{
    private readonly IAnsiConsole _output = Terminal.Output();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var server = Address(app.Url);
        using var client = new ServerClient(server, await NewKeyAsync(cancellationToken));
        Console.WriteLine($"The server runs on {server}. Loading the models ...");
        Print(await client.ReadinessAsync(cancellationToken));

        string[] options = clip.Info.Audio is null ? [IndexOptions.Visual, IndexOptions.TextInVideo]
            : [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo];
        var name = $"demo {app.Services.GetRequiredService<TimeProvider>().GetUtcNow():yyyy-MM-dd HH:mm:ss.fff}";
        var indexId = await client.CreateIndexAsync(name, options, [], cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Created index {indexId}. Uploading {Path.GetFileName(clip.Path)} ({clip.Info.DurationSeconds:0.0} s, "
                + $"{clip.Info.SizeBytes / 1048576.0:0.0} MB) ..."));
        var task = await new IndexingProgress(_output, client).RunAsync(Path.GetFileName(clip.Path),
            report => client.UploadAsync(indexId, clip.Path, "en", share => report(IndexingStep.Uploading(share)), cancellationToken),
            cancellationToken);
        if ((string?)task["status"] == "failed")
            throw new CommandFailure($"Indexing failed: {task["error_reason"]}");
        var videoId = (string)task["video_id"]!;

        // One hit per question with a known answer, to keep the output short.
        var hits = questions is null ? 3 : 1;
        foreach (var question in questions ?? await OwnQuestionsAsync(client, indexId, videoId, options, cancellationToken))
            await SearchAsync(client, indexId, question, hits, cancellationToken);
        Console.WriteLine($"\nThe server continues to run on {server}; Ctrl-C stops it. Keys: ./vu keys create --name NAME");
    }

    /// <summary>Creates queries for a clip of unknown content: the visual query, and recognised words.</summary>
    private async Task<IReadOnlyList<DemoQuestion>> OwnQuestionsAsync(
        ServerClient client, string indexId, string videoId, string[] options, CancellationToken cancellationToken)
    {
        List<DemoQuestion> found = [new("seen", query, IndexOptions.Visual)];
        if (options.Contains(IndexOptions.Conversation))
            await AddAsync("said", "transcription", IndexOptions.Conversation);
        await AddAsync("written", "text-in-video", IndexOptions.TextInVideo);
        return found;

        async Task AddAsync(string subject, string kind, string option)
        {
            if (await client.PhraseAsync(indexId, videoId, kind, cancellationToken) is { } phrase)
                found.Add(new(subject, phrase, option));
            else
                Console.WriteLine($"\nNothing is {subject} in this clip.");
        }
    }

    private async Task SearchAsync(
        ServerClient client, string indexId, DemoQuestion question, int hits, CancellationToken cancellationToken)
    {
        Console.WriteLine($"\n{question.Subject}: \"{question.Query}\"");
        var found = await client.SearchAsync(indexId, question.Query, [question.Option], "none", hits, cancellationToken);
        if (found.Count == 0)
            Console.WriteLine("  no hits");
        foreach (var hit in found)
            _output.MarkupLine(Terminal.Line(hit));
    }

    private static void Print(JsonNode readiness)
    {
        foreach (var check in readiness["checks"]?.AsArray() ?? [])
            Console.WriteLine($"  {((bool?)check?["ok"] == true ? "ok" : "NOT READY"),-10} {check?["name"]}: {check?["detail"]}");
    }

    private async Task<string> NewKeyAsync(CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().CreateAsync("demo", cancellationToken)).Secret;
    }

    /// <summary>Returns an address that a client can call, for a listen address with a wildcard.</summary>
    internal static Uri Address(string url)
        => new(url.Replace("//+", "//127.0.0.1", StringComparison.Ordinal).Replace("//*", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal).Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal));
}
