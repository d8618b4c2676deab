using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Progress;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>A final stage without work, which can be paused.</summary>
internal sealed class PausedStage : IIndexingStage
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isPaused;

    public string Name => "paused";
    public double Weight => 0.1;

    public bool AppliesTo(IndexingRun run) => true;

    public void Pause() => _isPaused = true;

    public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(120));

    public void Release() => _released.TrySetResult();

    public async Task<StageWrites> RunAsync(IndexingRun run, StageProgress progress, CancellationToken cancellationToken)
    {
        _reached.TrySetResult();
        if (_isPaused)
            await _released.Task.WaitAsync(cancellationToken);
        return (_, _) => Task.CompletedTask;
    }
}
