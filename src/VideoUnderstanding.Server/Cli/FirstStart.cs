using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.Server.Cli;

/// <summary>Chooses the model profile at the start of the server. With the profile <c>auto</c> and a database without vectors it first
/// tries to download a better profile. This happens before the server listens, because the first vectors fix the profile.</summary>
public sealed partial class FirstStart(
    ProfileSelection selection, ModelStore store, IOptions<ModelOptions> options, ILogger<FirstStart> logger)
{
    /// <param name="mayDownload">False skips the download regardless of the settings.</param>
    public async Task ChooseProfileAsync(StoredVectorModels stored, bool mayDownload, CancellationToken cancellationToken)
    {
        if (mayDownload && stored.IsEmpty && options.Value is { IsAutoProfile: true, Fetch: ModelFetch.Auto })
            await TryDownloadAsync(cancellationToken);
        var choice = selection.Choose(stored.Visual, stored.Text);
        LogProfile(logger, choice.Profile.Name, choice.Reason);
        if (!choice.IsComplete)
            LogIncomplete(logger, choice.Profile.Name);
    }

    private async Task TryDownloadAsync(CancellationToken cancellationToken)
    {
        var (present, better) = (selection.Choose(null, null), selection.ToFetch);
        if (present.IsComplete && present.Profile.Rank >= better.Rank)
            return;
        var megabytes = (store.BytesToFetch(better.Name) / 1_000_000).ToString(CultureInfo.InvariantCulture);
        Console.WriteLine($"First start with an empty database: downloading the models of profile {better.Name} ({megabytes} MB).");
        Console.WriteLine("Ctrl+C ends the server; the next start resumes the download. "
            + "To start without it: ./run.sh --offline, or VideoUnderstanding__Models__Fetch=never.");
        try
        {
            await store.FetchAsync(better.Name, DownloadLimits.Startup, FetchMeter.OnConsole(), cancellationToken);
        }
        catch (Exception failure) when (failure is ModelStoreException or IOException or UnauthorizedAccessException)
        {
            LogNotDownloaded(logger, better.Name, failure.Message, present.Profile.Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The server uses the models of profile {Profile}. {Reason}")]
    private static partial void LogProfile(ILogger logger, string profile, string reason);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Files of profile {Profile} are missing, so some searches do not work. `./vu models fetch --profile "
            + "{Profile}` downloads them")]
    private static partial void LogIncomplete(ILogger logger, string profile);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The models of profile {Profile} were not downloaded: {Reason} The server uses profile {Present}. "
            + "To use {Profile}, run `./vu models fetch` and restart the server before you upload videos")]
    private static partial void LogNotDownloaded(ILogger logger, string profile, string reason, string present);
}
