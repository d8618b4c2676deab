namespace VideoUnderstanding.Data.Quotas;

/// <summary>A video exceeds a storage quota. The message is for the user.</summary>
public sealed class QuotaExceededException(string message) : Exception(message)
{
    /// <summary>Code of the error catalogue.</summary>
    public const string Code = "usage_limit_exceeded";
}
