using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Says at the start of the server how far FFmpeg is locked in, and refuses to start where that is less than required.</summary>
internal sealed partial class JailReport(IOptions<MediaToolOptions> options, ILogger<JailReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Jail == JailMode.Off)
        {
            LogOff(logger);
            return Task.CompletedTask;
        }
        options.Value.CheckJail();
        var means = JailMeans.OfThisMachine;
        if (means.CutsOffNetwork)
            LogLockedIn(logger, means);
        else
            LogReachable(logger, means);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "FFmpeg runs in a jail: {Means}")]
    private static partial void LogLockedIn(ILogger logger, JailMeans means);

    [LoggerMessage(Level = LogLevel.Warning, Message = "FFmpeg runs in a jail with a hole: {Means}")]
    private static partial void LogReachable(ILogger logger, JailMeans means);

    [LoggerMessage(Level = LogLevel.Warning, Message = "FFmpeg runs without a jail, as the setting says")]
    private static partial void LogOff(ILogger logger);
}
