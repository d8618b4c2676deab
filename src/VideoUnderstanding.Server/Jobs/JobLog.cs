using Hangfire.AspNetCore;
using Hangfire.Logging;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>
/// Sends Hangfire's log lines to the host's loggers. Hangfire keeps one provider for the whole process: with two hosts in one process it is
/// the provider of the host that was configured last. Hangfire's own provider throws once that host is disposed, and the workers of the
/// other host then take no more jobs. This one drops the lines instead.
/// </summary>
internal sealed class JobLog(ILoggerFactory loggers) : ILogProvider
{
    private readonly AspNetCoreLogProvider _provider = new(loggers);

    public ILog GetLogger(string name)
    {
        try
        {
            return _provider.GetLogger(name);
        }
        catch (ObjectDisposedException)
        {
            return new NoLog();
        }
    }

    private sealed class NoLog : ILog
    {
        public bool Log(Hangfire.Logging.LogLevel logLevel, Func<string>? messageFunc, Exception? exception = null) => false;
    }
}
