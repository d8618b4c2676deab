namespace VideoUnderstanding.Data.Objects;

/// <summary>An object can not be read. The message is a sentence for the user, without secrets.</summary>
public sealed class ObjectException(string message, Exception? inner = null, bool isTransient = false) : Exception(message, inner)
{
    /// <summary>True when the store was not there or had too much to do: another try, some time later, may succeed.</summary>
    public bool IsTransient { get; } = isTransient;
}
