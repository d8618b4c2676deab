using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media;

/// <summary>Logs the isolation of FFmpeg at the start, and stops the start if it is less than required.</summary>
internal sealed partial class SandboxReport(IOptions<MediaToolOptions> options, ILogger<SandboxReport> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Sandbox == SandboxMode.Off)
        {
            LogOff(logger);
            return Task.CompletedTask;
        }
        options.Value.CheckSandbox();
        var features = SandboxFeatures.OfThisMachine;
        if (features.BlocksNetwork)
            LogSandbox(logger, features);
        else
            LogIncomplete(logger, features);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "FFmpeg runs in a sandbox: {Features}")]
    private static partial void LogSandbox(ILogger logger, SandboxFeatures features);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox of FFmpeg is incomplete: {Features}")]
    private static partial void LogIncomplete(ILogger logger, SandboxFeatures features);

    [LoggerMessage(Level = LogLevel.Warning, Message = "FFmpeg runs without a sandbox, because VideoUnderstanding:Media:Sandbox is Off")]
    private static partial void LogOff(ILogger logger);
}
