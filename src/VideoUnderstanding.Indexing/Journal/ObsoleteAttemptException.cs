namespace VideoUnderstanding.Indexing.Journal;

/// <summary>The task, its video or its index was deleted, or a newer attempt owns the task. The work is discarded.</summary>
public sealed class ObsoleteAttemptException() : Exception("This attempt no longer owns the task.");
