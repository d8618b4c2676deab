namespace VideoUnderstanding.Indexing.Journal;

/// <summary>The task, its video or its index was deleted meanwhile, or a later try has overtaken this one. The work is dropped.</summary>
public sealed class TaskGoneException() : Exception("The task is no longer this try's to work on.");
