namespace VideoUnderstanding.Data.Quotas;

/// <summary>A video does not fit any more. The message is a sentence for the user.</summary>
public sealed class QuotaExceededException(string message) : Exception(message)
{
    /// <summary>Code of the error catalogue.</summary>
    public const string Code = "usage_limit_exceeded";
}
