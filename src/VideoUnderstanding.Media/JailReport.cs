using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Logs at the start how far FFmpeg is isolated, and stops the start if that is less than required.</summary>
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
            LogSandbox(logger, means);
        else
            LogIncomplete(logger, means);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "FFmpeg runs in a sandbox: {Means}")]
    private static partial void LogSandbox(ILogger logger, JailMeans means);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox of FFmpeg is incomplete: {Means}")]
    private static partial void LogIncomplete(ILogger logger, JailMeans means);

    [LoggerMessage(Level = LogLevel.Warning, Message = "FFmpeg runs without a sandbox, because VideoUnderstanding:Media:Jail is Off")]
    private static partial void LogOff(ILogger logger);
}
