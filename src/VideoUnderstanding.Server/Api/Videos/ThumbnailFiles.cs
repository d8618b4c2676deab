using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Thumbnails as files, each made when it is first asked for.</summary>
public sealed class ThumbnailFiles(StoredFiles files, DataFolder folder, ThumbnailWriter writer) : IDisposable
{
    private const int MaxLongSide = 1280;

    // Each picture starts a decoder; more at once than the machine has cores only makes all of them late.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>The position of a picture that a client asks for; the middle of the video without a wish.</summary>
    /// <exception cref="ApiException">It is outside the video, or the video has not been read yet.</exception>
    public static double TimeIn(Video video, double? wanted)
    {
        if (video.Duration is not { } duration)
            throw new ApiException(ApiError.Invalid("video-id",
                "The video has not been read yet. Please try again once its task has left the state validating."));
        return wanted is null or >= 0 && !(wanted > duration) ? wanted ?? duration / 2
            : throw new ApiException(ApiError.Invalid("time",
                FormattableString.Invariant($"It must be a number of seconds within the video, from 0 to {Math.Round(duration, 3)}.")));
    }

    /// <summary>Opens the JPEG. Returns null if the video has no picture at that time, has not been read, or is gone.</summary>
    public async Task<Stream?> OpenAsync(Video video, double time, CancellationToken cancellationToken)
    {
        if (video.Duration is not { } duration)
            return null;
        // The end of the video is the moment after its last frame; what is asked for is the last frame.
        var lastFrame = Math.Max(0, duration - 1 / Math.Max(1, video.FramesPerSecond ?? 1));
        return await OpenAsync(video.Id, Math.Min(time, lastFrame), cancellationToken);
    }

    private async Task<Stream?> OpenAsync(string videoId, double time, CancellationToken cancellationToken)
    {
        var key = StoredFiles.ThumbnailKey(videoId, time);
        if (await files.Store.FindAsync(key, cancellationToken) is null)
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                if (await files.Store.FindAsync(key, cancellationToken) is null && !await WriteAsync(videoId, time, key, cancellationToken))
                    return null;
            }
            finally
            {
                _turns.Release();
            }
        }
        if (await files.Store.FindAsync(StoredFiles.VideoKey(videoId), cancellationToken) is not null)
            return await files.Store.OpenAsync(key, cancellationToken);
        // The video was deleted meanwhile, and with it the pictures that existed then.
        await files.DeleteVideoAsync(videoId, cancellationToken);
        return null;
    }

    public void Dispose() => _turns.Dispose();

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
