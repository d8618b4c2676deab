using System.Text.Json;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Streaming;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Streams;

/// <summary>Plans and segments of videos, each made when it is first asked for and then kept in the cache.</summary>
public sealed class VideoStreams(
    StoredFiles files, DataFolder folder, StreamCache cache, StreamPlanner planner, SegmentWriter writer,
    IOptions<StreamingOptions> options) : IDisposable
{
    /// <summary>A file that was just made may be removed before it is opened, when the cache is far too small.</summary>
    private const int Tries = 3;

    private const string DiskFull = "The server has not enough free disk space to play this video.";

    private static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(2);

    private readonly SharedWork _work = new();
    private readonly SemaphoreSlim _turns = new(options.Value.Workers);
    private int _waiting;

    /// <exception cref="ApiException">The video is gone or cannot be played, or too many segments are waiting.</exception>
    public async Task<StreamPlan> GetPlanAsync(string videoId, CancellationToken cancellationToken)
    {
        await using var plan = await OpenAsync(videoId, "plan.json", async (video, path, token) => await File.WriteAllBytesAsync(path,
            JsonSerializer.SerializeToUtf8Bytes(await planner.PlanAsync(video, token)), token), cancellationToken);
        return (await JsonSerializer.DeserializeAsync<StreamPlan>(plan, cancellationToken: cancellationToken))!;
    }

    /// <exception cref="ApiException">The video is gone, has no such segment or cannot be played, or too many segments are
    /// waiting.</exception>
    public async Task<Stream> OpenSegmentAsync(string videoId, int number, CancellationToken cancellationToken)
    {
        var plan = await GetPlanAsync(videoId, cancellationToken);
        if (number >= plan.Segments.Count)
            throw new ApiException(ApiError.NotFound("videos", videoId));
        return await OpenAsync(videoId, $"{number}.ts",
            (video, path, token) => writer.WriteAsync(video, plan, number, options.Value.MaxLongSide, path, token), cancellationToken);
    }

    public void Dispose() => _turns.Dispose();

    private async Task<Stream> OpenAsync(
        string videoId, string name, Func<string, string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        var key = StoredFiles.StreamKey(videoId, name);
        for (var tries = 1; tries <= Tries; tries++)
        {
            if (await cache.OpenAsync(key, cancellationToken) is { } stream)
                return stream;
            await _work.RunAsync(key, token => MakeInTurnAsync(videoId, key, make, token), cancellationToken);
        }
        return await cache.OpenAsync(key, cancellationToken) ?? throw new ApiException(ApiError.TooManyRequests(BusyPause));
    }

    private async Task MakeInTurnAsync(
        string videoId, string key, Func<string, string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > options.Value.MaxWaiting + options.Value.Workers)
        {
            Interlocked.Decrement(ref _waiting);
            throw new ApiException(ApiError.TooManyRequests(BusyPause));
        }
        try
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                await MakeAsync(videoId, key, make, cancellationToken);
            }
            finally
            {
                _turns.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task MakeAsync(
        string videoId, string key, Func<string, string, CancellationToken, Task> make, CancellationToken cancellationToken)
    {
        // Another request may have made it just before this one looked for running work.
        if (await files.Store.FindAsync(key, cancellationToken) is not null)
            return;
        using var video = await OpenVideoAsync(videoId, cancellationToken);
        if (!await cache.EnsureDiskSpaceAsync(cancellationToken))
            throw new ApiException(ApiError.UsageLimit(DiskFull));
        var path = folder.NewTemporaryPath();
        try
        {
            await make(video.Path, path, cancellationToken);
            await cache.AddAsync(key, path, cancellationToken);
        }
        catch (MediaException broken)
        {
            throw new ApiException(ApiError.Of(MediaRules.Broken(broken.Message)));
        }
        catch (Exception full) when (DiskSpace.IsDiskFull(full))
        {
            throw new ApiException(ApiError.UsageLimit(DiskFull));
        }
        finally
        {
            File.Delete(path);
        }
        // The video may have been deleted meanwhile, with the segments that existed then.
        if (await files.Store.FindAsync(StoredFiles.VideoKey(videoId), cancellationToken) is null)
            await files.DeleteVideoAsync(videoId, cancellationToken);
    }

    private async Task<LocalCopy> OpenVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        try
        {
            return await files.Store.OpenLocalAsync(StoredFiles.VideoKey(videoId), cancellationToken)
                ?? throw new ApiException(ApiError.NotFound("videos", videoId));
        }
        catch (Exception full) when (DiskSpace.IsDiskFull(full))
        {
            throw new ApiException(ApiError.UsageLimit(DiskFull));
        }
    }
}
