using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Logs the isolation of FFmpeg at the start, and stops the start if it is less than required.</summary>
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
        var features = JailFeatures.OfThisMachine;
        if (features.BlocksNetwork)
            LogSandbox(logger, features);
        else
            LogIncomplete(logger, features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "FFmpeg runs in a sandbox: {Features}")]
    private static partial void LogSandbox(ILogger logger, JailFeatures features);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox of FFmpeg is incomplete: {Features}")]
    private static partial void LogIncomplete(ILogger logger, JailFeatures features);

    [LoggerMessage(Level = LogLevel.Warning, Message = "FFmpeg runs without a sandbox, because VideoUnderstanding:Media:Jail is Off")]
    private static partial void LogOff(ILogger logger);
}
