using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.Server.Webhooks;

/// <summary>When a delivery that failed is tried again: after pauses that double up to a longest one, until the days are over.</summary>
public static class RetryPauses
{
    /// <param name="tries">Tries so far, from 1.</param>
    /// <param name="since">When the first one was due.</param>
    /// <returns>When the next try is due; null when the delivery has failed.</returns>
    public static DateTimeOffset? Next(WebhookOptions options, int tries, DateTimeOffset since, DateTimeOffset now)
    {
        var seconds = Math.Min(options.FirstPauseSeconds * Math.Pow(2, tries - 1), options.LongestPauseSeconds);
        var next = now.AddSeconds(seconds);
        return next <= since.AddHours(options.GiveUpHours) ? next : null;
    }
}
