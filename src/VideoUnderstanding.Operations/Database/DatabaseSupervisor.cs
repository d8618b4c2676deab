namespace VideoUnderstanding.Operations.Database;

/// <summary>Restarts the embedded database if its process ends while the server runs.</summary>
public sealed partial class DatabaseSupervisor(EmbeddedPostgres postgres, TimeProvider clock, ILogger<DatabaseSupervisor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                if (await postgres.EnsureRunningAsync(stoppingToken))
                    LogRestarted(logger);
            }
            catch (DatabaseUnavailableException failed)
            {
                LogNotRestarted(logger, failed);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database process ended unexpectedly and was restarted")]
    private static partial void LogRestarted(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "The database process ended unexpectedly and cannot be restarted")]
    private static partial void LogNotRestarted(ILogger logger, Exception failure);
}
