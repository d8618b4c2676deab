using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Pictures;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.KeptPictures;

namespace VideoUnderstanding.Indexing.Switching;

/// <summary>Reads the frames that were analysed of a stored video: its kept pictures, or by decoding it again as
/// <see cref="WatchPicturesStage"/> does.</summary>
public sealed class StoredFrames(IFileStore store, MediaProbe probe, FrameReader frames, KeptPictureReader kept,
    IOptions<FrameSamplingOptions> sampling, ChunkCommits chunks)
{
    /// <returns>Null if there are no kept pictures.</returns>
    /// <exception cref="MediaException">The kept pictures are damaged; also while the frames are read.</exception>
    internal async Task<FrameSource?> OpenKeptAsync(string videoId, CancellationToken cancellationToken)
    {
        if (await store.OpenLocalAsync(StoredFiles.PicturesKey(videoId), cancellationToken) is not { } file)
            return null;
        try
        {
            return new FrameSource(file, KeptPictureReader.ReadDuration(file.Path), token => kept.ReadAsync(file.Path, token));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="MediaException">The video cannot be decoded; also while the frames are read.</exception>
    /// <exception cref="ModelSwitchException">The file of the video is missing.</exception>
    internal async Task<FrameSource> OpenVideoAsync(string videoId, CancellationToken cancellationToken)
    {
        var file = await store.OpenLocalAsync(StoredFiles.VideoKey(videoId), cancellationToken)
            ?? throw new ModelSwitchException("its file is missing");
        try
        {
            var media = await probe.ReadAsync(file.Path, cancellationToken);
            var filter = new DuplicateFrameFilter(sampling.Value.DuplicateTolerance, chunks.Seconds);
            return new FrameSource(file, media.DurationSeconds,
                token => filter.FilterAsync(frames.ReadAsync(file.Path, media, sampling.Value.ToSampling(), token)));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

/// <summary>Frames without duplicates, and the duration of their video in seconds.</summary>
/// <param name="Read">Can be called once.</param>
internal sealed record FrameSource(LocalCopy File, double Duration, Func<CancellationToken, IAsyncEnumerable<Frame>> Read) : IDisposable
{
    public void Dispose() => File.Dispose();
}
