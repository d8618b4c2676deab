namespace VideoUnderstanding.Data.Quotas;

/// <summary>
/// The room of one video that is arriving. It grows with the bytes, and is given back when the video's row tells its size, or when nothing
/// came of it.
/// </summary>
/// <param name="videoId">The row that will tell the size, where there is one already; null for an upload, whose row is made at its
/// end.</param>
public sealed class SpaceReservation(StorageQuotas quotas, string accountId, string? videoId) : IDisposable
{
    public string AccountId { get; } = accountId;

    /// <summary>Counted here as long as this is held, and not among the rows.</summary>
    public string? VideoId { get; } = videoId;

    /// <summary>Bytes held. Changed by <see cref="StorageQuotas"/> alone.</summary>
    internal long Bytes { get; set; }

    /// <exception cref="QuotaExceededException">They do not fit.</exception>
    public ValueTask GrowAsync(long bytes, CancellationToken cancellationToken) => quotas.GrowAsync(this, bytes, cancellationToken);

    /// <summary>Whether so many more bytes would fit now. Nothing is held for them.</summary>
    /// <exception cref="QuotaExceededException">They would not.</exception>
    public ValueTask ExpectAsync(long bytes, CancellationToken cancellationToken) => quotas.ExpectAsync(this, bytes, cancellationToken);

    public void Dispose() => quotas.Release(this);
}
