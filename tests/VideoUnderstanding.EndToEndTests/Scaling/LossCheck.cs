using System.Globalization;
using System.Net;
using System.Text;
using VideoUnderstanding.EndToEndTests.Chaos;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Scaling;

/// <summary>Checks of an installation after all tasks and deliveries have ended and the cleanup has run: rows, events, objects of the
/// store, files of the machines, answers of searches, and playing.</summary>
internal sealed class LossCheck(Installation installation, ClientResults results, OutsideServer outside, string clips, string index)
{
    private const int PlayedVideos = 3;

    private Tables Tables => installation.Tables;

    public int Ready { get; private set; }

    public int Failed { get; private set; }

    public int Events { get; private set; }

    public async Task<List<string>> FindAsync(Func<int, int> paddingOf)
    {
        var rows = new FinalRowCheck(Tables, results);
        var tasks = await rows.ReadTasksAsync();
        (Ready, Failed) = (tasks.Count(task => task.IsReady), tasks.Count(task => task.State == "failed"));
        return [.. results.Violations, .. outside.Violations, .. await rows.FindAsync(tasks), .. await EventProblemsAsync(),
            .. await ObjectProblemsAsync(tasks), .. await ContentProblemsAsync(tasks, paddingOf), .. LocalProblems(tasks),
            .. await SearchProblemsAsync(tasks), .. await PlayingProblemsAsync(tasks)];
    }

    /// <summary>Every task that has ended has one event, and the receiver has got it unchanged.</summary>
    private async Task<IReadOnlyList<string>> EventProblemsAsync()
    {
        var events = (await Tables.ReadAsync("SELECT id, body FROM webhook_events",
            row => (Id: row.GetString(0), Body: Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)))))!;
        Events = events.Count;
        var written = events.ToDictionary(one => one.Id, one => one.Body);
        return [.. events.Where(one => !outside.Bodies.ContainsKey(one.Id)).Select(one => $"Event {one.Id} was not delivered."),
            .. outside.Bodies.Where(one => !written.TryGetValue(one.Key, out var body) || body != one.Value)
                .Select(one => $"Event {one.Key} was delivered as {one.Value}, which is not its content."),
            .. (await Tables.ReadAsync("""
                SELECT 'event twice: task ' || task_id FROM webhook_events GROUP BY task_id HAVING count(*) > 1
                UNION ALL SELECT 'no event: task ' || id FROM indexing_tasks t WHERE state IN ('ready', 'failed')
                    AND NOT EXISTS (SELECT FROM webhook_events e WHERE e.task_id = t.id AND e.type = 'index.task.' || t.state)
                UNION ALL SELECT 'delivery ' || state || ': event ' || event_id FROM webhook_deliveries WHERE state <> 'delivered'
                """, row => row.GetString(0)))!];
    }

    /// <summary>Every ready video has its file and its thumbnail, and nothing else is in the store.</summary>
    private async Task<IReadOnlyList<string>> ObjectProblemsAsync(IReadOnlyList<TaskRow> tasks)
    {
        var ready = tasks.Where(task => task.IsReady).Select(task => task.VideoId).ToHashSet();
        var keys = (await installation.Store.KeysAsync()).Select(key => key.Split('/')).Where(key => key is not ["installation"]).ToList();
        var byFolder = keys.Where(key => key.Length > 1).ToLookup(key => key[0], key => key[1]);
        return [.. ready.Except(byFolder["videos"]).Select(video => $"Video {video} has no file in the store."),
            .. ready.Except(byFolder["thumbnails"]).Select(video => $"Video {video} has no thumbnail in the store."),
            .. keys.Where(key => key.Length == 1 || !ready.Contains(key[1]) || key[0] is not ("videos" or "thumbnails" or "streams"))
                .Select(key => $"Object {string.Join('/', key)} of the store belongs to nothing."),
            .. (await installation.Store.UnfinishedAsync("")).Select(key => $"An upload of {key} was never finished or aborted.")];
    }

    /// <summary>The file of every ready video has the bytes that the client sent.</summary>
    private async Task<IReadOnlyList<string>> ContentProblemsAsync(IReadOnlyList<TaskRow> tasks, Func<int, int> paddingOf)
    {
        List<string> found = [];
        foreach (var task in tasks.Where(task => task.IsReady))
        {
            var number = NumberOf(task);
            var sent = await SmallClips.CopyAsync(clips, number, paddingOf(number), CancellationToken.None);
            var stored = Path.Combine(installation.Store.FileFolder, "videos", $"{task.VideoId}._S3rver_object");
            var kept = File.Exists(stored) ? await File.ReadAllBytesAsync(stored) : [];
            if (!kept.AsSpan().SequenceEqual(sent))
                found.Add($"The stored file of video {task.VideoId} is not {task.Filename}.");
        }
        return found;
    }

    /// <summary>After a restart no machine has files of interrupted uploads, or copies of deleted videos.</summary>
    private IEnumerable<string> LocalProblems(IReadOnlyList<TaskRow> tasks)
    {
        var ready = tasks.Where(task => task.IsReady)
            .Select(task => Convert.ToHexStringLower(Encoding.UTF8.GetBytes($"videos/{task.VideoId}"))).ToHashSet();
        foreach (var (machine, process, _) in installation.Members)
        {
            string[] Entries(string folder) => Path.Combine(process.DataFolder, folder) is var path && Directory.Exists(path)
                ? Directory.GetFileSystemEntries(path)
                : [];
            foreach (var rest in Entries("incoming").Concat(
                Entries("cache").Where(copy => !ready.Contains(Path.GetFileName(copy).Split('.')[0]))))
                yield return $"{machine.Name} has {rest}, which belongs to nothing.";
        }
    }

    /// <summary>At every API process, a search finds exactly the videos that exist. Every clip shows yellow and the word.</summary>
    private async Task<IReadOnlyList<string>> SearchProblemsAsync(IReadOnlyList<TaskRow> tasks)
    {
        var all = tasks.Where(task => task.IsReady).ToList();
        List<string> found = [];
        foreach (var (query, option, isExact, wanted) in new (string, string, bool, IEnumerable<TaskRow>)[]
        {
            ("yellow", "visual", true, all), ("harbour", "text_in_video", true, all),
            // Clips by their number: see SmallClips.
            ("red", "visual", false, all.Where(task => NumberOf(task) % SmallClips.Count == 0)),
            ("blue", "visual", false, all.Where(task => NumberOf(task) % SmallClips.Count == 1)),
        })
            foreach (var client in installation.Clients)
            {
                var expected = wanted.Select(task => task.VideoId).ToList();
                var shown = await SearchAsync(new ApiClient(client), query, option);
                found.AddRange(expected.Except(shown).Select(video => $"A search for {query} ({option}) does not find video {video}."));
                found.AddRange(shown.Except(isExact ? expected : all.Select(task => task.VideoId))
                    .Select(video => $"A search for {query} ({option}) finds video {video}, which does not exist."));
            }
        return found;
    }

    /// <summary>Returns the videos of all pages.</summary>
    private async Task<HashSet<string>> SearchAsync(ApiClient client, string query, string option)
    {
        var videos = new HashSet<string>();
        var request = new { index_id = index, query, search_options = new[] { option }, threshold = "low", page_limit = 50 };
        for (var answer = await client.SendAsync(HttpMethod.Post, "search", request); ;)
        {
            var page = answer.Expect(HttpStatusCode.OK);
            videos.UnionWith(page.GetProperty("data").EnumerateArray().Select(clip => clip.GetProperty("video_id").GetString()!));
            if (!page.GetProperty("page_info").TryGetProperty("next_page_token", out var next) || next.GetString() is not { } token)
                return videos;
            answer = await client.GetAsync($"search/{token}");
        }
    }

    private async Task<IReadOnlyList<string>> PlayingProblemsAsync(IReadOnlyList<TaskRow> tasks)
    {
        List<string> found = [];
        foreach (var task in tasks.Where(task => task.IsReady).Take(PlayedVideos))
        {
            var client = new ApiClient(installation.NextClient());
            var playlist = new Uri((await client.GetAsync($"indexes/{index}/videos/{task.VideoId}")).Expect(HttpStatusCode.OK)
                .GetProperty("hls").GetProperty("video_url").GetString()!);
            var segment = (await client.Http.GetStringAsync(playlist)).Split('\n').First(line => line.EndsWith(".ts",
                StringComparison.Ordinal));
            if ((await client.Http.GetByteArrayAsync(new Uri(playlist, segment))).Length == 0)
                found.Add($"Video {task.VideoId} cannot be played.");
        }
        return found;
    }

    /// <summary>Number of the clip in a name like <c>clip-12.mp4</c>.</summary>
    private static int NumberOf(TaskRow task)
        => int.Parse(Path.GetFileNameWithoutExtension(task.Filename).Split('-')[^1], CultureInfo.InvariantCulture);
}
