namespace VideoUnderstanding.Data.Quotas;

/// <summary>
/// Reserves storage for a video that is being received. It grows with the received bytes and is released when the video's row has its
/// size, or when the transfer fails.
/// </summary>
/// <param name="videoId">Id of the video whose row will contain the size; null for an upload, whose row is created at its end.</param>
public sealed class SpaceReservation(StorageQuotas quotas, string accountId, string? videoId) : IDisposable
{
    public string AccountId { get; } = accountId;

    /// <summary>Counted by this reservation, not by its row, until it is released.</summary>
    public string? VideoId { get; } = videoId;

    /// <summary>Reserved bytes. Changed only by <see cref="StorageQuotas"/>.</summary>
    internal long Bytes { get; set; }

    /// <exception cref="QuotaExceededException">The bytes exceed a quota.</exception>
    public ValueTask GrowAsync(long bytes, CancellationToken cancellationToken) => quotas.GrowAsync(this, bytes, cancellationToken);

    /// <summary>Checks whether more bytes would fit now, without reserving them.</summary>
    /// <exception cref="QuotaExceededException">The bytes exceed a quota.</exception>
    public ValueTask CheckFitsAsync(long bytes, CancellationToken cancellationToken)
        => quotas.CheckFitsAsync(this, bytes, cancellationToken);

    public void Dispose() => quotas.Release(this);
}
