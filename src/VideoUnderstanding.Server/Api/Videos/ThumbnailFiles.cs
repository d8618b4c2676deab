using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Creates thumbnail files on first request.</summary>
public sealed class ThumbnailFiles(StoredFiles files, DataFolder folder, ThumbnailWriter writer) : IDisposable
{
    private const int MaxLongSide = 1280;

    // Each picture starts a decoder process, so concurrency is limited to the number of cores.
    private readonly SemaphoreSlim _decoders = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>Returns the position of the requested picture in seconds; the middle of the video if <paramref name="requested"/> is
    /// null.</summary>
    /// <exception cref="ApiException">The position is outside the video, or the video has not been probed yet.</exception>
    public static double ResolveTime(Video video, double? requested)
    {
        if (video.Duration is not { } duration)
            throw new ApiException(ApiError.Invalid("video-id",
                "The video has not been read yet. Please try again once its task has left the state validating."));
        return requested is null or >= 0 && !(requested > duration) ? requested ?? duration / 2
            : throw new ApiException(ApiError.Invalid("time",
                FormattableString.Invariant($"It must be a number of seconds within the video, from 0 to {Math.Round(duration, 3)}.")));
    }

    /// <summary>Opens the JPEG. Returns null if the video has no picture at that time, has not been probed, or was deleted.</summary>
    public async Task<Stream?> OpenAsync(Video video, double time, CancellationToken cancellationToken)
    {
        if (video.Duration is not { } duration)
            return null;
        // The end of the video is after its last frame; in that case the last frame is used.
        var lastFrame = Math.Max(0, duration - 1 / Math.Max(1, video.FramesPerSecond ?? 1));
        return await OpenAsync(video.Id, Math.Min(time, lastFrame), cancellationToken);
    }

    private async Task<Stream?> OpenAsync(string videoId, double time, CancellationToken cancellationToken)
    {
        var key = StoredFiles.ThumbnailKey(videoId, time);
        if (await files.Store.FindAsync(key, cancellationToken) is null)
        {
            await _decoders.WaitAsync(cancellationToken);
            try
            {
                if (await files.Store.FindAsync(key, cancellationToken) is null && !await WriteAsync(videoId, time, key, cancellationToken))
                    return null;
            }
            finally
            {
                _decoders.Release();
            }
        }
        if (await files.Store.FindAsync(StoredFiles.VideoKey(videoId), cancellationToken) is not null)
            return await files.Store.OpenAsync(key, cancellationToken);
        // The video was deleted meanwhile, so the new picture must be deleted as well.
        await files.DeleteVideoAsync(videoId, cancellationToken);
        return null;
    }

    public void Dispose() => _decoders.Dispose();

    private async Task<bool> WriteAsync(string videoId, double time, string key, CancellationToken cancellationToken)
    {
        using var video = await files.Store.OpenLocalAsync(StoredFiles.VideoKey(videoId), cancellationToken);
        if (video is null)
            return false;
        var picture = folder.NewTemporaryPath();
        try
        {
            await writer.WriteAsync(video.Path, time, picture, MaxLongSide, cancellationToken);
            await files.Store.MoveInAsync(key, picture, cancellationToken);
            return true;
        }
        catch (MediaException)
        {
            return false;
        }
        finally
        {
            File.Delete(picture);
        }
    }
}
