using System.Text.RegularExpressions;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Checks of the final state, after all tasks have ended and the cleanup has run.</summary>
internal sealed partial class FinalStateCheck(ServeProcess server, Tables tables, ClientResults results)
{
    public int Ready { get; private set; }

    public int Failed { get; private set; }

    public int RepeatedStages { get; private set; }

    public async Task<List<string>> FindAsync()
    {
        var rows = new FinalRowCheck(tables, results);
        var tasks = await rows.ReadTasksAsync();
        (Ready, Failed) = (tasks.Count(task => task.State == "ready"), tasks.Count(task => task.State == "failed"));
        return [.. results.Violations, .. await rows.FindAsync(tasks), .. FileProblems(tasks), .. StageProblems()];
    }

    private IEnumerable<string> FileProblems(IReadOnlyList<TaskRow> tasks)
    {
        var ready = tasks.Where(task => task is { State: "ready", HasVideo: true }).Select(task => task.VideoId).ToHashSet();
        string[] Entries(string folder, SearchOption depth = SearchOption.TopDirectoryOnly)
            => Directory.GetFileSystemEntries(Path.Combine(server.DataFolder, folder), "*", depth);
        var (videos, pictures) = (Entries("videos").Select(Path.GetFileName).ToHashSet(),
            Entries("thumbnails").Select(Path.GetFileName).ToHashSet());
        foreach (var missing in ready.Except(videos)!)
            yield return $"Video {missing} has no file.";
        foreach (var missing in ready.Except(pictures)!)
            yield return $"Video {missing} has no thumbnail.";
        foreach (var orphan in videos.Concat(pictures).Concat(Entries("pictures").Select(Path.GetFileName)).Except(ready))
            yield return $"Files of {orphan} have no row.";
        foreach (var orphan in Entries("incoming").Concat(Entries("transcripts"))
            .Concat(Entries("thumbnails", SearchOption.AllDirectories)
                .Where(path => File.Exists(path) && Path.GetExtension(path) != ".jpeg")))
            yield return $"File {orphan} has no row.";
        string[] known = ["incoming", "transcripts", "thumbnails", "pictures", "videos", "streams", "postgres", "postgres.password",
            "server.lock", "first-api-key", "setup-link", "installation"];
        foreach (var orphan in Entries(".").Select(Path.GetFileName).Except(known))
            yield return $"{orphan} in the data folder is unknown.";
    }

    /// <summary>The stages for pictures and for sound run at the same time.</summary>
    private const int ConcurrentStages = 2;

    /// <summary>Checks the log: a finished stage never starts again, and an attempt repeats at most the stages that the previous attempt
    /// was running. The starts of probing and of fetching count as starts of attempts. A killed server can lose only its last log
    /// lines.</summary>
    private IEnumerable<string> StageProblems()
    {
        var lines = File.ReadLines(server.LogFile).Select(line => StageLine().Match(line)).Where(match => match.Success)
            .Select(match => (Task: match.Groups[1].Value, Stage: match.Groups[2].Value, Begins: match.Groups[3].Value == "started"));
        foreach (var task in lines.GroupBy(line => line.Task))
        {
            var attempts = task.Count(line => line is { Stage: "probe_media", Begins: true })
                + task.Count(line => line is { Stage: "fetch_sources", Begins: true });
            var rest = task.Where(line => line.Stage != "probe_media").ToList();
            var repeated = rest.Where(line => line.Begins).GroupBy(line => line.Stage).Sum(stage => stage.Count() - 1);
            RepeatedStages += repeated;
            if (repeated > ConcurrentStages * Math.Max(0, attempts - 1))
                yield return $"Task {task.Key} repeated {repeated} stages in {attempts} attempts.";
            foreach (var stage in rest.GroupBy(line => line.Stage)
                .Where(stage => stage.SkipWhile(line => line.Begins).Any(line => line.Begins)))
                yield return $"Task {task.Key} repeated its stage {stage.Key}, which was finished.";
        }
    }

    [GeneratedRegex("Task ([0-9a-f]{24}): stage ([a-z_]+) (started|finished)")]
    private static partial Regex StageLine();
}
