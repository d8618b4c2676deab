namespace VideoUnderstanding.Inference;

/// <summary>A role has no usable model. The message says what is missing and which command fixes it.</summary>
/// <param name="mayPass">See <see cref="MayPass"/>.</param>
public sealed class ModelUnavailableException(string message, bool mayPass = false) : Exception(message)
{
    /// <summary>True when the files are not to blame, but the device was not obtained: busy, full or hindered for the moment. Another try
    /// may help.</summary>
    public bool MayPass { get; } = mayPass;

    /// <summary>Seconds after which a client may try again; null if that does not help.</summary>
    public int? RetryAfterSeconds { get; init; }
}
