namespace VideoUnderstanding.Indexing.Journal;

/// <summary>The index was switched to other models during the attempt. Another attempt must repeat the stages that use models.</summary>
public sealed class ModelsSwitchedException() : Exception("The index was switched to other models.");
