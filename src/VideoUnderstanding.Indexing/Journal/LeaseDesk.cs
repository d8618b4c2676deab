using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Hands out leases.</summary>
public sealed class LeaseDesk(IServiceScopeFactory scopes, IOptions<IndexingOptions> options, TimeProvider clock)
{
    /// <returns>Null when somebody else works on the task.</returns>
    public Task<TaskLease?> TryTakeAsync(string taskId, CancellationToken cancellationToken)
        => TaskLease.TryTakeAsync(taskId, scopes, TimeSpan.FromSeconds(options.Value.LeaseCheckSeconds), clock, cancellationToken);
}
