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
    [Fact]
    public async Task Progress_continues_after_a_short_outage_of_the_database()
    {
        var (clock, database) = (new FakeTimeProvider(), new FailingScopeFactory());
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
        await using var progress = new RunProgress(new IndexingRun(task, index, 1), new TaskJournal(database, null!, clock),
            clock, NullLogger.Instance);

        for (var look = 0; database.Calls < 3 && look < 1000; look++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.True(database.Calls >= 3, $"The database was called {database.Calls} times.");
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
