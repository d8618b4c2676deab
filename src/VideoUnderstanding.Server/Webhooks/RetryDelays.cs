using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>Computes retries of a failed delivery: exponential backoff with a maximum delay and a time limit.</summary>
public static class RetryDelays
{
    /// <param name="attempts">Number of attempts so far, from 1.</param>
    /// <param name="since">Time when the first attempt was due.</param>
    /// <returns>Time of the next attempt; null if there is none.</returns>
    public static DateTimeOffset? Next(WebhookOptions options, int attempts, DateTimeOffset since, DateTimeOffset now)
    {
        var seconds = Math.Min(options.FirstRetryDelaySeconds * Math.Pow(2, attempts - 1), options.MaxRetryDelaySeconds);
        var next = now.AddSeconds(seconds);
        return next <= since.AddHours(options.RetryHours) ? next : null;
    }
}
