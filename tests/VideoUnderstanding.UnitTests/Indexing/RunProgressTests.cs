using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.Indexing.Progress;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class RunProgressTests
{
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Progress_continues_after_a_short_outage_of_the_database()
    {
        var (clock, database) = (new FakeTimeProvider(), new FailingScopeFactory());
        await using var progress = Begin(clock, database);

        for (var look = 0; database.Calls < 3 && look < 1000; look++)
            await AdvanceAsync(clock, TimeSpan.FromSeconds(1));

        Assert.True(database.Calls >= 3, $"The database was called {database.Calls} times.");
        Assert.False(progress.Stalled.IsCancellationRequested);
    }

    [Fact]
    public async Task An_attempt_is_cancelled_only_if_its_stages_report_nothing_for_the_limit()
    {
        var clock = new FakeTimeProvider();
        await using var progress = Begin(clock, new FailingScopeFactory());
        var stage = progress.Begin("watch_pictures");
        for (var minute = 0; minute < 15; minute++)
        {
            await AdvanceAsync(clock, TimeSpan.FromMinutes(1));
            // The same fraction again is a report, too.
            stage.Report(0.5);
        }
        Assert.False(progress.Stalled.IsCancellationRequested);

        for (var look = 0; !progress.Stalled.IsCancellationRequested && look < 1000; look++)
            await AdvanceAsync(clock, StallLimit);

        Assert.True(progress.Stalled.IsCancellationRequested);
        var failure = progress.StallFailure(new OperationCanceledException());
        Assert.True(failure.Retry);
        Assert.Equal("Indexing made no progress for 10 minutes.", failure.Message);
    }

    private static RunProgress Begin(FakeTimeProvider clock, FailingScopeFactory database)
    {
        var now = clock.GetUtcNow();
        var task = new IndexingTask
        {
            Id = "t", AccountId = "a", IndexId = "i", VideoId = "v", Language = "en", Filename = "clip.mp4", CreatedAt = now,
            UpdatedAt = now, UploadPercentage = 50,
        };
        var index = new VideoIndex
        {
            Id = "i", AccountId = "a", Name = "n", EngineId = "e", Options = [], Addons = [], CreatedAt = now, UpdatedAt = now,
        };
        return new RunProgress(new IndexingRun(task, index, 1), new TaskJournal(database, null!, clock), new StageSpeeds(), StallLimit,
            clock, NullLogger<RunProgress>.Instance);
    }

    private static Task AdvanceAsync(FakeTimeProvider clock, TimeSpan time)
    {
        clock.Advance(time);
        return Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private sealed class FailingScopeFactory : IServiceScopeFactory
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public IServiceScope CreateScope()
        {
            Interlocked.Increment(ref _calls);
            throw new TimeoutException("The database does not answer.");
        }
    }
}
