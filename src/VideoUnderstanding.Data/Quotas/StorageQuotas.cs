using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Data.Quotas;

/// <summary>
/// Keeps account of the room for videos: what is stored, by the rows, and what is arriving, by the reservations of this process. Several
/// uploads at once are counted together, so that they can not pass a quota between them. A data folder has one server, so nobody else
/// stores beside it. Whatever the quotas, a rest of the disk stays free.
/// </summary>
public sealed class StorageQuotas(
    IServiceScopeFactory scopes, DataFolder folder, IOptions<StorageOptions> storage, IOptions<QuotaOptions> options)
{
    /// <summary>Readings after which one counts although videos were finished meanwhile.</summary>
    private const int MaxReadings = 16;

    private readonly Lock _lock = new();
    private readonly HashSet<SpaceReservation> _open = [];
    private readonly Dictionary<string, Stored> _stored = [];
    private long _version;

    /// <summary>Bytes by the rows, as they were at a version: of the account, and of all.</summary>
    private readonly record struct Stored(long Version, long OfAccount, long OfAll);

    private bool IsUnlimited => options.Value is { AccountBytes: 0, TotalBytes: 0 };

    /// <param name="videoId">The row that will tell the size, where there is one already.</param>
    public SpaceReservation Open(string accountId, string? videoId = null)
    {
        var reservation = new SpaceReservation(this, accountId, videoId);
        lock (_lock)
        {
            _open.Add(reservation);
            // The row of a video that is fetched again no longer counts by itself. An upload has none yet, and changes nothing of what was
            // read.
            if (videoId is not null)
                _version++;
        }
        return reservation;
    }

    internal ValueTask GrowAsync(SpaceReservation reservation, long bytes, CancellationToken cancellationToken)
        => FitAsync(reservation, bytes, isHeld: true, cancellationToken);

    internal ValueTask ExpectAsync(SpaceReservation reservation, long bytes, CancellationToken cancellationToken)
        => FitAsync(reservation, bytes, isHeld: false, cancellationToken);

    internal void Release(SpaceReservation reservation)
    {
        lock (_lock)
        {
            // Without a byte nothing came of it: requests that are refused early do not make the others read anew.
            if (_open.Remove(reservation) && (reservation.Bytes > 0 || reservation.VideoId is not null))
                _version++;
            // Read anew when it is asked for again: an account that stores nothing takes no room here.
            _stored.Remove(reservation.AccountId);
        }
    }

    private async ValueTask FitAsync(SpaceReservation reservation, long bytes, bool isHeld, CancellationToken cancellationToken)
    {
        if (folder.FreeBytes - bytes < storage.Value.MinFreeBytes)
            throw new QuotaExceededException("The server has not enough free disk space for this video.");
        if (IsUnlimited)
            return;
        for (var isFresh = false; ; isFresh = true)
        {
            var (isKnown, refusal) = TryFit(reservation, bytes, isHeld);
            if (isKnown && refusal is null)
                return;
            // A refusal may be due only to what is remembered: videos may have been deleted since.
            if (isKnown && isFresh)
                throw new QuotaExceededException(refusal!);
            await ReadAsync(reservation.AccountId, cancellationToken);
        }
    }

    /// <returns>Whether it is known what is stored; and why the bytes do not fit, or null when they do.</returns>
    private (bool IsKnown, string? Refusal) TryFit(SpaceReservation reservation, long bytes, bool isHeld)
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
            // The file of a failed task is gone, although its video's row still tells a size.
            var kept = db.Videos.Where(video => !arriving.Contains(video.Id)
                && !db.Tasks.Any(task => task.VideoId == video.Id && task.State == TaskState.Failed));
            var all = await kept.SumAsync(video => video.Size ?? 0, cancellationToken);
            var own = await kept.OwnedBy(accountId).SumAsync(video => video.Size ?? 0, cancellationToken);
            lock (_lock)
            {
                // A video that was finished meanwhile may be in neither number: read again. Where that happens all the time it is let pass,
                // until the next change; one that is fetched since the reading began would be in both, and refuse what fits.
                if (version != _version
                    && (reading < MaxReadings || _open.Any(open => open.VideoId is { } video && !arriving.Contains(video))))
                    continue;
                _stored[accountId] = new Stored(_version, own, all);
                return;
            }
        }
    }
}
