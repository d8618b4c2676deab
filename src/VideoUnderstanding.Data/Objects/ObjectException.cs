namespace VideoUnderstanding.Data.Objects;

/// <summary>An object can not be read. The message is a sentence for the user, without secrets.</summary>
public sealed class ObjectException(string message, Exception? inner = null) : Exception(message, inner);
