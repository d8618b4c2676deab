using VideoUnderstanding.Data;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Thumbnails as files, each made when it is first asked for.</summary>
public sealed class ThumbnailFiles(StoredFiles files, ThumbnailWriter writer) : IDisposable
{
    private const int MaxLongSide = 1280;

    // Each picture starts a decoder; more at once than the machine has cores only makes all of them late.
    private readonly SemaphoreSlim _turns = new(Math.Max(1, Environment.ProcessorCount));

    /// <summary>Path of the JPEG; null when the video has no picture there, or is gone.</summary>
    public async Task<string?> GetAsync(string videoId, double time, CancellationToken cancellationToken)
    {
        var (video, picture) = (files.VideoPath(videoId), files.ThumbnailPath(videoId, time));
        if (!File.Exists(picture))
        {
            await _turns.WaitAsync(cancellationToken);
            try
            {
                if (File.Exists(video) && !File.Exists(picture))
                    await writer.WriteAsync(video, time, picture, MaxLongSide, cancellationToken);
            }
            catch (MediaException)
            {
                return null;
            }
            finally
            {
                _turns.Release();
            }
        }
        if (File.Exists(video))
            return picture;
        // The video was deleted meanwhile, and with it the pictures there were then.
        files.DeleteVideo(videoId);
        return null;
    }

    public void Dispose() => _turns.Dispose();
}
