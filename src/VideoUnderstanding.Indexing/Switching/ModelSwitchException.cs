namespace VideoUnderstanding.Indexing.Switching;

/// <summary>The models of an index cannot be switched now. The message is for the operator.</summary>
public sealed class ModelSwitchException(string message) : Exception(message);
