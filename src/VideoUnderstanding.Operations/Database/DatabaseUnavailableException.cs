namespace VideoUnderstanding.Operations.Database;

/// <summary>The embedded database can not be used. The message says why and what cures it, and is shown to the operator as it is.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
