namespace VideoUnderstanding.Data.Objects;

/// <summary>An object cannot be read. The message is for the user and contains no secrets.</summary>
public sealed class ObjectException(string message, Exception? inner = null, bool isTransient = false) : Exception(message, inner)
{
    /// <summary>True if the failure can be temporary, so a retry may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}
