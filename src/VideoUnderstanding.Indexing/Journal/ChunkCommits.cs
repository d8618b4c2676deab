using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Commits rows of long stages in chunks of video, which are searchable while the stage continues. docs/pipeline.md.</summary>
public sealed class ChunkCommits(TaskJournal journal, IOptions<IndexingOptions> options)
{
    /// <summary>Seconds of video per chunk; infinite if a video is searchable only when it is ready.</summary>
    public double Seconds { get; } = options.Value.SearchWhileIndexing ? options.Value.ChunkSeconds : double.PositiveInfinity;

    /// <summary>Creates the chunks of one kind of rows for one attempt.</summary>
    public RowChunks Begin(IndexingRun run) => new(VideoRange.All(run.Index.Id, run.VideoId), Seconds,
        (writes, cancellationToken) => journal.CommitChunkAsync(run, (db, token) => writes(db, token), cancellationToken));
}

/// <summary>Writes the rows of a time range in the transaction of its chunk.</summary>
public delegate Task ChunkWrites(VideoDbContext db, VideoRange range, CancellationToken cancellationToken);

/// <summary>Commits one kind of rows of a stage by time range. The ranges are contiguous, and each replaces the rows of earlier attempts,
/// so that a repeated attempt neither duplicates nor loses rows.</summary>
/// <param name="all">The whole video.</param>
/// <param name="seconds">Seconds of video per chunk; infinite if the end of the work writes all rows.</param>
/// <param name="commit">Commits the writes of a chunk in one transaction.</param>
public sealed class RowChunks(
    VideoRange all, double seconds, Func<Func<VideoDbContext, CancellationToken, Task>, CancellationToken, Task> commit)
{
    private double _chunk;
    private double _from = double.NegativeInfinity;

    /// <summary>The range that is not committed yet; the end of the stage writes it.</summary>
    public VideoRange Remaining => all with { From = _from };

    /// <summary>Returns true if the time is in a later chunk than all times before.</summary>
    public bool TryEnterChunk(double time)
    {
        var chunk = Math.Floor(time / seconds);
        if (chunk <= _chunk)
            return false;
        _chunk = chunk;
        return true;
    }

    /// <summary>Commits the rows that start before a time. Later rows must not start before it.</summary>
    /// <exception cref="ObsoleteAttemptException">The task, its video or its index was deleted, or a newer attempt owns the
    /// task.</exception>
    public async Task CommitAsync(double until, ChunkWrites write, CancellationToken cancellationToken)
    {
        var range = Remaining with { To = until };
        await commit((db, token) => write(db, range, token), cancellationToken);
        _from = until;
    }

    /// <summary>Passes on blocks of samples (16 kHz) and calls <paramref name="commit"/> with the time in seconds at the end of each chunk.
    /// The reader waits meanwhile.</summary>
    public async IAsyncEnumerable<float[]> WithCommitsAsync(IAsyncEnumerable<float[]> blocks, Func<double, CancellationToken, Task> commit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var samples = 0L;
        await foreach (var block in blocks.WithCancellation(cancellationToken))
        {
            yield return block;
            samples += block.Length;
            if (samples / (double)SoundReader.SampleRate is var time && TryEnterChunk(time))
                await commit(time, cancellationToken);
        }
    }
}
