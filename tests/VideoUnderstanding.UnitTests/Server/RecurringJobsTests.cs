using Hangfire;
using Hangfire.Common;
using Hangfire.PostgreSql;
using Hangfire.States;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Server.Jobs;

namespace VideoUnderstanding.UnitTests.Server;

public sealed class RecurringJobsTests
{
    [Fact]
    public async Task A_lock_that_another_process_keeps_does_not_stop_the_server()
    {
        var (clock, manager) = (new FakeTimeProvider(), new InitiallyLockedJobManager());
        using var jobs = new RecurringJobs(manager, new NullJobClient(), Options.Create(new IndexingOptions()), clock,
            NullLogger<RecurringJobs>.Instance);
        await jobs.StartAsync(default);
        for (var attempt = 0; attempt < 500 && !jobs.ExecuteTask!.IsCompleted; attempt++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20);
        }
        Assert.True(jobs.ExecuteTask!.IsCompletedSuccessfully, jobs.ExecuteTask.Exception?.Message);
        Assert.Contains("start-tasks", manager.Names);
    }

    private sealed class InitiallyLockedJobManager : IRecurringJobManager
    {
        private bool _wasLocked;

        public List<string> Names { get; } = [];

        public void AddOrUpdate(string recurringJobId, Job job, string cronExpression, RecurringJobOptions options)
        {
            if (!_wasLocked)
            {
                _wasLocked = true;
                throw new PostgreSqlDistributedLockException("Could not place a lock on the resource: Lock timeout.");
            }
            Names.Add(recurringJobId);
        }

        public void Trigger(string recurringJobId) => throw new NotSupportedException();

        public void RemoveIfExists(string recurringJobId) => Names.Remove(recurringJobId);
    }

    private sealed class NullJobClient : IBackgroundJobClient
    {
        public string Create(Job job, IState state) => "1";

        public bool ChangeState(string jobId, IState state, string expectedState) => throw new NotSupportedException();
    }
}
