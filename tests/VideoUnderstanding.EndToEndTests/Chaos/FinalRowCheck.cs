namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>A task, and whether its video exists.</summary>
internal sealed record TaskRow(string Id, string VideoId, string State, string? Reason, bool HasVideo, string Filename)
{
    public bool IsReady => State == "ready" && HasVideo;
}

/// <summary>Checks of the rows after all tasks have ended.</summary>
internal sealed class FinalRowCheck(Tables tables, ClientResults results)
{
    public async Task<IReadOnlyList<TaskRow>> ReadTasksAsync() => (await tables.ReadAsync("""
        SELECT t.id, t.video_id, t.state, t.error_reason, v.id IS NOT NULL, t.filename
            FROM indexing_tasks t LEFT JOIN videos v ON v.id = t.video_id
        """, row => new TaskRow(row.GetString(0), row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3),
            row.GetBoolean(4), row.GetString(5))))!;

    public async Task<IReadOnlyList<string>> FindAsync(IReadOnlyList<TaskRow> tasks)
        => [.. TaskProblems(tasks), .. await RowProblemsAsync(), .. (await tables.InconsistentRowsAsync())!];

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
        UNION ALL SELECT 'attempt without an end: task ' || id FROM indexing_tasks
            WHERE attempt_token IS NOT NULL AND state NOT IN ('ready', 'failed')
        UNION ALL SELECT 'rows of a deleted video: ' || video_id FROM frame_vectors f WHERE NOT EXISTS (SELECT FROM videos v
            WHERE v.id = f.video_id)
        UNION ALL SELECT 'texts of a deleted video: ' || video_id FROM text_segments s WHERE NOT EXISTS (SELECT FROM videos v
            WHERE v.id = s.video_id)
        UNION ALL SELECT 'row of an interrupted upload: ' || filename FROM indexing_tasks WHERE filename LIKE $1
        """, row => row.GetString(0), $"{Tables.InterruptedPrefix}%"))!;
}
