using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Stages;

/// <summary>Makes the picture that stands for the video, its middle one, where the index has the thumbnail add-on. Others are made when they are asked for.</summary>
public sealed class WriteThumbnailStage(ThumbnailWriter writer, StoredFiles files, IOptions<IndexingOptions> options) : IIndexingStage
{
    public string Name => "write_thumbnail";
    public double Weight => 0.01;

    public bool AppliesTo(IndexingRun run) => run.Index.Addons.Contains("thumbnail");

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        var middle = run.Media.DurationSeconds / 2;
        await writer.WriteAsync(run.VideoPath, middle, files.ThumbnailPath(run.VideoId, middle), options.Value.ThumbnailLongSide, cancellationToken);
        return (_, _) => Task.CompletedTask;
    }
}
