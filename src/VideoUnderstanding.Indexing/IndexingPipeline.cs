namespace VideoUnderstanding.Indexing;

/// <summary>Runs the stages of one task, in order, each once, going on where an earlier try stopped.</summary>
public sealed class IndexingPipeline
{
    /// <summary>Brings the task to ready or failed. Throws only for what another try may cure (a lost database, a stopping server).</summary>
    public Task RunAsync(string taskId, CancellationToken cancellationToken) => throw new NotImplementedException();
}
