using System.Text.RegularExpressions;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Checks of the final state, after all tasks have ended and the cleanup has run.</summary>
internal sealed partial class FinalStateCheck(ServeProcess server, Tables tables, ClientResults results)
{
    private sealed record TaskRow(string Id, string VideoId, string State, string? Reason, bool HasVideo);

    public int Ready { get; private set; }

    public int Failed { get; private set; }

    public int RepeatedStages { get; private set; }

    public async Task<List<string>> FindAsync()
    {
        var tasks = (await tables.ReadAsync("""
            SELECT t.id, t.video_id, t.state, t.error_reason, v.id IS NOT NULL FROM indexing_tasks t LEFT JOIN videos v ON v.id = t.video_id
            """, row => new TaskRow(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
                row.GetBoolean(4))))!;
        (Ready, Failed) = (tasks.Count(task => task.State == "ready"), tasks.Count(task => task.State == "failed"));
        return [.. results.Violations, .. TaskProblems(tasks), .. await RowProblemsAsync(), .. (await tables.InconsistentRowsAsync())!,
            .. FileProblems(tasks), .. StageProblems()];
    }

    private IEnumerable<string> TaskProblems(IReadOnlyList<TaskRow> tasks)
    {
        foreach (var lost in results.Accepted.Except(tasks.Select(task => task.Id)))
            yield return $"Task {lost} was accepted but has no row.";
        foreach (var task in tasks)
        {
            var isDeleted = results.Deletions.ContainsKey(task.VideoId);
            if (task.State is not ("ready" or "failed"))
                yield return $"Task {task.Id} did not end: its state is {task.State}.";
            // All clips are valid and the attempts suffice, so a task may fail only because its video was deleted.
            if (task.State == "failed" && (!isDeleted || string.IsNullOrEmpty(task.Reason)))
                yield return $"Task {task.Id} failed: {task.Reason}";
            if (task.HasVideo == isDeleted)
                yield return $"Video {task.VideoId} of task {task.Id} is "
                    + $"{(isDeleted ? "present after its deletion" : "missing without a deletion")}.";
        }
    }

    private async Task<IReadOnlyList<string>> RowProblemsAsync() => (await tables.ReadAsync("""
        SELECT 'duplicate picture: ' || video_id || ' at ' || start FROM frame_vectors GROUP BY video_id, start HAVING count(*) > 1
        UNION ALL SELECT 'duplicate text: ' || video_id || ' ' || source || ' ' || number FROM text_segments
            GROUP BY video_id, source, number HAVING count(*) > 1
        UNION ALL SELECT 'duplicate file: ' || string_agg(id, ' ') FROM videos WHERE sha256 IS NOT NULL GROUP BY sha256 HAVING count(*) > 1
        UNION ALL SELECT 'duplicate task: ' || video_id FROM indexing_tasks GROUP BY video_id HAVING count(*) > 1
        UNION ALL SELECT 'video without a task: ' || id FROM videos v WHERE NOT EXISTS (SELECT FROM indexing_tasks t
            WHERE t.video_id = v.id)
        UNION ALL SELECT 'rows of a failed task: ' || t.id FROM indexing_tasks t WHERE t.state = 'failed'
            AND (EXISTS (SELECT FROM frame_vectors f WHERE f.video_id = t.video_id) OR EXISTS (SELECT FROM text_segments s
                WHERE s.video_id = t.video_id))
        UNION ALL SELECT 'row of an interrupted upload: ' || filename FROM indexing_tasks WHERE filename LIKE $1
        """, row => row.GetString(0), $"{Tables.InterruptedPrefix}%"))!;

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
