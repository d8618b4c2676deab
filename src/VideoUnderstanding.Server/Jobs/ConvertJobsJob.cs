using Hangfire;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Converts jobs that an older version left in Hangfire's tables. No task is lost: the rows of tasks are the queue.</summary>
[Queue(JobQueues.Maintenance), AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete)]
public sealed class ConvertJobsJob(VideoDbContext db)
{
    /// <summary>Webhooks have another queue name now. The other jobs have classes that no longer exist.</summary>
    private const string Statement = """
        UPDATE hangfire.jobqueue SET queue = 'notify' WHERE queue = 'webhooks';
        DELETE FROM hangfire.job WHERE invocationdata::text LIKE '%VideoUnderstanding.Server.Jobs.IndexVideoJob%'
            OR invocationdata::text LIKE '%VideoUnderstanding.Server.Jobs.SweepTasksJob%';
        DELETE FROM hangfire.jobqueue WHERE NOT EXISTS (SELECT FROM hangfire.job WHERE job.id = jobqueue.jobid);
        """;

    public Task RunAsync(CancellationToken cancellationToken) => db.Database.ExecuteSqlRawAsync(Statement, cancellationToken);
}
