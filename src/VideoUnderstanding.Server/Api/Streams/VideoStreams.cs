using System.Text.Json;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Streaming;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Creates plans and segments of videos on first request, and caches them.</summary>
public sealed class VideoStreams(
    StoredFiles files, DataFolder folder, StreamCache cache, StreamPlanner planner, SegmentWriter writer,
    IOptions<StreamingOptions> options) : IDisposable
{
    /// <summary>A new file may be removed before it is opened if the cache is far too small.</summary>
    private const int MaxAttempts = 3;

    private const string DiskFull = "The server has not enough free disk space to play this video.";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly SharedWork _work = new();
    private readonly SemaphoreSlim _workers = new(options.Value.Workers);
    private int _waiting;

    /// <exception cref="ApiException">The video does not exist or cannot be played, or too many segments are waiting.</exception>
    public async Task<StreamPlan> GetPlanAsync(string videoId, CancellationToken cancellationToken)
    {
        await using var plan = await OpenAsync(videoId, "plan.json", async (video, path, token) => await File.WriteAllBytesAsync(path,
            JsonSerializer.SerializeToUtf8Bytes(await planner.PlanAsync(video, token)), token), cancellationToken);
        return (await JsonSerializer.DeserializeAsync<StreamPlan>(plan, cancellationToken: cancellationToken))!;
    }

    /// <exception cref="ApiException">The video does not exist, has no such segment or cannot be played, or too many segments are
    /// waiting.</exception>
    public async Task<Stream> OpenSegmentAsync(string videoId, int number, CancellationToken cancellationToken)
    {
        var plan = await GetPlanAsync(videoId, cancellationToken);
        if (number >= plan.Segments.Count)
            throw new ApiException(ApiError.NotFound("videos", videoId));
        return await OpenAsync(videoId, $"{number}.ts",
            (video, path, token) => writer.WriteAsync(video, plan, number, options.Value.MaxLongSide, path, token), cancellationToken);
    }

    public void Dispose() => _workers.Dispose();

    private async Task<Stream> OpenAsync(
        string videoId, string name, Func<string, string, CancellationToken, Task> create, CancellationToken cancellationToken)
    {
        var key = StoredFiles.StreamKey(videoId, name);
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await cache.OpenAsync(key, cancellationToken) is { } stream)
                return stream;
            await _work.RunAsync(key, token => CreateInWorkerAsync(videoId, key, create, token), cancellationToken);
        }
        return await cache.OpenAsync(key, cancellationToken) ?? throw new ApiException(ApiError.TooManyRequests(RetryAfter));
    }

    private async Task CreateInWorkerAsync(
        string videoId, string key, Func<string, string, CancellationToken, Task> create, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.MaxWaiting + options.Value.Workers)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ApiException(ApiError.TooManyRequests(RetryAfter));
        }
        try
        {
            await _workers.WaitAsync(cancellationToken);
            try
            {
                await CreateAsync(videoId, key, create, cancellationToken);
            }
            finally
            {
                _workers.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task CreateAsync(
        string videoId, string key, Func<string, string, CancellationToken, Task> create, CancellationToken cancellationToken)
    {
        // Another request may have created it since the cache was checked.
        if (await files.Store.FindAsync(key, cancellationToken) is not null)
            return;
        var path = folder.NewTemporaryPath();
        try
        {
            using var video = await files.Store.OpenLocalAsync(StoredFiles.VideoKey(videoId), cancellationToken)
                ?? throw new ApiException(ApiError.NotFound("videos", videoId));
            if (!await cache.EnsureDiskSpaceAsync(cancellationToken))
                throw new ApiException(ApiError.UsageLimit(DiskFull));
            await create(video.Path, path, cancellationToken);
            await cache.AddAsync(key, path, cancellationToken);
        }
        catch (MediaException unreadable)
        {
            throw new ApiException(ApiError.FromViolation(MediaRules.Broken(unreadable.Message)));
        }
        catch (Exception full) when (DiskSpace.IsDiskFull(full))
        {
            throw new ApiException(ApiError.UsageLimit(DiskFull));
        }
        finally
        {
            File.Delete(path);
        }
        // If the video was deleted meanwhile, this file must be deleted as well.
        if (await files.Store.FindAsync(StoredFiles.VideoKey(videoId), cancellationToken) is null)
            await files.DeleteVideoAsync(videoId, cancellationToken);
    }
}
