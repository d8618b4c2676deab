using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Acquires leases of tasks.</summary>
public sealed class TaskLeases(IServiceScopeFactory scopes, IOptions<IndexingOptions> options, TimeProvider clock)
{
    /// <returns>Null if another session holds the lease.</returns>
    public Task<TaskLease?> TryAcquireAsync(string taskId, CancellationToken cancellationToken)
        => TaskLease.TryAcquireAsync(taskId, scopes, TimeSpan.FromSeconds(options.Value.LeaseCheckSeconds), clock, cancellationToken);
}
