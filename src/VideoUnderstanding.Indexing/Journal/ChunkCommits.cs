using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Lets long stages commit their rows in chunks of video, which are searched while the stage goes on. docs/pipeline.md.</summary>
public sealed class ChunkCommits(TaskJournal journal, IOptions<IndexingOptions> options)
{
    /// <summary>Seconds of video of a chunk; infinite if nothing is searched before the video is ready.</summary>
    public double Seconds { get; } = options.Value.SearchWhileIndexing ? options.Value.ChunkSeconds : double.PositiveInfinity;

    /// <summary>The chunks of one kind of rows in one attempt.</summary>
    public RowChunks Begin(IndexingRun run) => new(run, Seconds, journal);
}

/// <summary>Writes the rows of a stretch, in the transaction of its chunk.</summary>
public delegate Task ChunkWrites(VideoDbContext db, VideoStretch stretch, CancellationToken cancellationToken);

/// <summary>Commits one kind of rows of a stage, stretch by stretch. The stretches follow each other without a gap, and each replaces what
/// an earlier attempt left in it, so that an attempt from the beginning neither doubles nor loses a row.</summary>
/// <param name="seconds">Seconds of video of a chunk.</param>
public sealed class RowChunks(IndexingRun run, double seconds, TaskJournal journal)
{
    private double _chunk;
    private double _from = double.NegativeInfinity;

    /// <summary>What is not committed yet: the end of the stage replaces it.</summary>
    public VideoStretch Rest => VideoStretch.All(run.Index.Id, run.VideoId) with { From = _from };

    /// <summary>Returns true once for each time that passes the end of a chunk.</summary>
    public bool TryPass(double time)
    {
        var chunk = Math.Floor(time / seconds);
        if (chunk <= _chunk)
            return false;
        _chunk = chunk;
        return true;
    }

    /// <summary>Commits the rows that start before a time. Later rows must not start before it.</summary>
    /// <exception cref="TaskGoneException">The task, its video or its index is gone, or a newer attempt owns the task.</exception>
    public async Task CommitAsync(double until, ChunkWrites write, CancellationToken cancellationToken)
    {
        var stretch = Rest with { To = until };
        await journal.CommitChunkAsync(run, (db, token) => write(db, stretch, token), cancellationToken);
        _from = until;
    }

    /// <summary>Passes blocks of sound on. Between two of them, where a chunk ends, <paramref name="commit"/> is called with the time: the
    /// reader of the blocks waits meanwhile.</summary>
    public async IAsyncEnumerable<float[]> AlongAsync(IAsyncEnumerable<float[]> blocks, Func<double, CancellationToken, Task> commit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var samples = 0L;
        await foreach (var block in blocks.WithCancellation(cancellationToken))
        {
            yield return block;
            samples += block.Length;
            if (samples / (double)SoundReader.SampleRate is var time && TryPass(time))
                await commit(time, cancellationToken);
        }
    }
}
