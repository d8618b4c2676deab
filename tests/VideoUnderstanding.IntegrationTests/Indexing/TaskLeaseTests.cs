using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

public sealed class TaskLeaseTests(DatabaseTemplate template)
{
    [Fact]
    public async Task A_lease_that_was_considered_lost_is_released_if_its_session_still_exists()
    {
        await using var database = await template.CopyAsync();
        var services = new ServiceCollection();
        // A pool of its own: another session of this pool would reset the one that held the lease.
        services.AddDbContext<VideoDbContext>(options => options.UseVideoDatabase($"{database.ConnectionString};Application Name=lease")
            .AddInterceptors(new SlowLooks()));
        await using var provider = services.BuildServiceProvider();
        var lease =
            (await TaskLease.TryAcquireAsync("task", provider.GetRequiredService<IServiceScopeFactory>(), TimeSpan.FromMilliseconds(20),
                TimeProvider.System, default))!;

        await Task.Delay(Timeout.Infinite, lease.Lost).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(1, await LocksAsync(database));
        await lease.DisposeAsync();

        Assert.Equal(0, await LocksAsync(database));
    }

    private static async Task<int> LocksAsync(TestDatabase database)
    {
        await using var db = database.Open();
        return await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database
                WHERE datname = current_database())
            """).SingleAsync();
    }

    /// <summary>Looks at the session that take too long.</summary>
    private sealed class SlowLooks : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
            => command.CommandText == "SELECT 1" ? throw new TimeoutException() : ValueTask.FromResult(result);
    }
}
