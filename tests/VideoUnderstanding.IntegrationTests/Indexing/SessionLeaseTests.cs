using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

public sealed class SessionLeaseTests(DatabaseTemplate template)
{
    [Fact]
    public async Task A_lease_that_was_considered_lost_is_released_if_its_session_still_exists()
    {
        await using var database = await template.CopyAsync();
        await using var provider = Provider(database, new TimeoutInterceptor());
        var lease = await OpenAsync(provider, TimeSpan.FromMilliseconds(20), TimeSpan.FromMinutes(1));

        await WaitForLossAsync(lease);
        Assert.Equal(1, await LocksAsync(database));
        await lease.DisposeAsync();

        Assert.Equal(0, await LocksAsync(database));
    }

    [Fact]
    public async Task An_idle_session_loses_its_lease_and_a_returned_connection_may_be_idle()
    {
        await using var database = await template.CopyAsync();
        await using var provider = Provider(database);
        var frozen = await OpenAsync(provider, pause: TimeSpan.FromHours(1), silence: TimeSpan.FromSeconds(1));
        var used = await OpenAsync(provider, pause: TimeSpan.FromMilliseconds(100), silence: TimeSpan.FromSeconds(1));
        Assert.Equal(2, await LocksAsync(database));
        for (var attempts = 0; await LocksAsync(database) > 1; attempts++, await Task.Delay(50))
            Assert.True(attempts < 600, "The silent session still holds its lock.");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(used.Lost.IsCancellationRequested);
        Assert.Equal(1, await LocksAsync(database));

        await used.DisposeAsync();
        await frozen.DisposeAsync();
        Assert.Equal(0, await LocksAsync(database));
        await using var scope = provider.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        Assert.Equal("0", await db.Database.SqlQuery<string>($"SELECT current_setting('idle_session_timeout') AS \"Value\"").SingleAsync());
    }

    private static ServiceProvider Provider(TestDatabase database, params IInterceptor[] interceptors)
    {
        var services = new ServiceCollection();
        // A separate connection pool. Otherwise another use of the pooled connection resets the session that held the lease.
        services.AddDbContext<VideoDbContext>(options => options.UseVideoDatabase($"{database.ConnectionString};Application Name=lease")
            .AddInterceptors(interceptors));
        return services.BuildServiceProvider();
    }

    private static async Task<SessionLease> OpenAsync(ServiceProvider provider, TimeSpan pause, TimeSpan silence)
        => (await SessionLease.TryOpenAsync(provider.GetRequiredService<IServiceScopeFactory>(), async db =>
        {
            var key = Random.Shared.NextInt64();
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({key})");
            return key;
        }, pause, silence, TimeProvider.System, default))!;

    private static Task WaitForLossAsync(SessionLease lease)
        => Task.Delay(Timeout.Infinite, lease.Lost).ContinueWith(_ => { }, TaskScheduler.Default);

    private static async Task<int> LocksAsync(TestDatabase database)
    {
        await using var db = database.Open();
        return await db.Database.SqlQuery<int>($"""
            SELECT count(*)::int AS "Value" FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database
                WHERE datname = current_database())
            """).SingleAsync();
    }

    /// <summary>Lets every check of the session time out.</summary>
    private sealed class TimeoutInterceptor : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
            => command.CommandText == "SELECT 1" ? throw new TimeoutException() : ValueTask.FromResult(result);
    }
}
