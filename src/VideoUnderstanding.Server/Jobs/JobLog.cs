using Hangfire.AspNetCore;
using Hangfire.Logging;

namespace VideoUnderstanding.Server.Jobs;

/// <summary>Sends Hangfire's log messages to the loggers of the host. Hangfire has one provider per process: with two hosts in a process it
/// is that of the host that was configured last. Hangfire's own provider throws after that host was disposed, which stops the workers of
/// the other host. This one drops the messages instead.</summary>
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
