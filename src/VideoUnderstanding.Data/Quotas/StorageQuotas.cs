using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Data.Quotas;

/// <summary>Storage quotas. Section <c>VideoUnderstanding:Quotas</c>.</summary>
public sealed class QuotaOptions
{
    public const string Section = "VideoUnderstanding:Quotas";

    /// <summary>Maximum bytes of the videos of one account; 0 for no limit.</summary>
    [Range(0, long.MaxValue)]
    public long AccountBytes { get; set; }

    /// <summary>Maximum bytes of all videos; 0 for no limit.</summary>
    [Range(0, long.MaxValue)]
    public long TotalBytes { get; set; }
}

/// <summary>
/// Enforces storage quotas. Counts stored videos by their rows, and videos being received by the reservations of this process, so that
/// concurrent uploads cannot exceed a quota together. Independent of quotas, a minimum of disk space is kept free.
/// </summary>
public sealed class StorageQuotas(
    IServiceScopeFactory scopes, DataFolder folder, IOptions<StorageOptions> storage, IOptions<QuotaOptions> options)
{
    /// <summary>Maximum queries before a result is accepted although reservations changed meanwhile.</summary>
    private const int MaxReadings = 16;

    private readonly Lock _lock = new();
    private readonly HashSet<SpaceReservation> _open = [];
    private readonly Dictionary<string, Stored> _stored = [];
    private long _version;

    /// <summary>Stored bytes by rows at a version: of the account, and of all accounts.</summary>
    private readonly record struct Stored(long Version, long OfAccount, long OfAll);

    private bool IsUnlimited => options.Value is { AccountBytes: 0, TotalBytes: 0 };

    /// <param name="videoId">Id of the video whose row will contain the size, if it exists.</param>
    public SpaceReservation Open(string accountId, string? videoId = null)
    {
        var reservation = new SpaceReservation(this, accountId, videoId);
        lock (_lock)
        {
            _open.Add(reservation);
            // The row of a video that is fetched again is no longer counted. An upload has no row yet and does not invalidate the cached
            // sums.
            if (videoId is not null)
                _version++;
        }
        return reservation;
    }

    internal ValueTask GrowAsync(SpaceReservation reservation, long bytes, CancellationToken cancellationToken)
        => EnsureFitsAsync(reservation, bytes, isHeld: true, cancellationToken);

    internal ValueTask CheckFitsAsync(SpaceReservation reservation, long bytes, CancellationToken cancellationToken)
        => EnsureFitsAsync(reservation, bytes, isHeld: false, cancellationToken);

    internal void Release(SpaceReservation reservation)
    {
        lock (_lock)
        {
            // A reservation without bytes does not invalidate the cached sums.
            if (_open.Remove(reservation) && (reservation.Bytes > 0 || reservation.VideoId is not null))
                _version++;
            // Removes the cached sum of the account, which limits memory.
            _stored.Remove(reservation.AccountId);
        }
    }

    private async ValueTask EnsureFitsAsync(SpaceReservation reservation, long bytes, bool isHeld, CancellationToken cancellationToken)
    {
        if (folder.FreeBytes - bytes < storage.Value.MinFreeBytes)
            throw new QuotaExceededException("The server has not enough free disk space for this video.");
        if (IsUnlimited)
            return;
        for (var isFresh = false; ; isFresh = true)
        {
            var (isKnown, refusal) = TryReserve(reservation, bytes, isHeld);
            if (isKnown && refusal is null)
                return;
            // Rejects only with fresh sums, because videos may have been deleted since.
            if (isKnown && isFresh)
                throw new QuotaExceededException(refusal!);
            await ReadAsync(reservation.AccountId, cancellationToken);
        }
    }

    /// <returns>Whether the cached sums are valid, and the reason if the bytes do not fit.</returns>
    private (bool IsKnown, string? Refusal) TryReserve(SpaceReservation reservation, long bytes, bool isHeld)
    {
        lock (_lock)
        {
            if (!_stored.TryGetValue(reservation.AccountId, out var stored) || stored.Version != _version)
                return (false, null);
            var (account, all) = (options.Value.AccountBytes, options.Value.TotalBytes);
            if (account > 0
                && stored.OfAccount + _open.Where(other => other.AccountId == reservation.AccountId)
                    .Sum(other => other.Bytes) + bytes > account)
                return (true, $"The videos of this account would have more than {account} bytes. Please delete some and try again.");
            if (all > 0 && stored.OfAll + _open.Sum(other => other.Bytes) + bytes > all)
                return (true, "The server has no room for this video. Please try again later.");
            if (isHeld)
                reservation.Bytes += bytes;
            return (true, null);
        }
    }

    private async Task ReadAsync(string accountId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        for (var reading = 1; ; reading++)
        {
            long version;
            string[] arriving;
            lock (_lock)
                (version, arriving) = (_version, [.. _open.Select(open => open.VideoId).OfType<string>()]);
            // Failed tasks have no files, although their videos' rows have a size.
            var kept = db.Videos.Where(video => !arriving.Contains(video.Id)
                && !db.Tasks.Any(task => task.VideoId == video.Id && task.State == TaskState.Failed));
            var all = await kept.SumAsync(video => (video.Size ?? 0) + (video.PicturesSize ?? 0), cancellationToken);
            var own = await kept.OwnedBy(accountId).SumAsync(video => (video.Size ?? 0) + (video.PicturesSize ?? 0),
                    cancellationToken);
            lock (_lock)
            {
                // A video that was completed during the query may be in neither sum, so the query is repeated, at most MaxReadings times. A
                // video whose fetch has begun meanwhile would be counted twice, so the query is then always repeated.
                if (version != _version
                    && (reading < MaxReadings || _open.Any(open => open.VideoId is { } video && !arriving.Contains(video))))
                    continue;
                _stored[accountId] = new Stored(_version, own, all);
                return;
            }
        }
    }
}

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

/// <summary>A video exceeds a storage quota. The message is for the user.</summary>
public sealed class QuotaExceededException(string message) : Exception(message)
{
    /// <summary>Code of the error catalogue.</summary>
    public const string Code = "usage_limit_exceeded";
}
