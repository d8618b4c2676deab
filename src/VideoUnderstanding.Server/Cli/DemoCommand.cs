using System.CommandLine;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu demo</c>: the server, and on it one video from upload to hits. The server stays until it is stopped.</summary>
public static class DemoCommand
{
    private const string StandInProfile = "standin";

    public static Command Create()
    {
        var clip = new Argument<string?>("clip") { Description = "A video file; the best one of the assets folder if left out.", Arity = ArgumentArity.ZeroOrOne };
        var query = new Option<string>("--query") { Description = "What to look for in the pictures.", DefaultValueFactory = _ => "a dog" };
        var command = new Command("demo", "Starts the server, indexes a clip and searches in it; then goes on serving. Settings may follow as --VideoUnderstanding:Name=value.")
        {
            clip, query,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var (named, settings) = parsed.SettingsBeside(clip);
            await RunAsync(named, parsed.GetRequiredValue(query), settings, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string? given, string query, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var (clip, settings) = await PlanAsync(given, asked, cancellationToken);
        var builder = ServerSettings.CreateBuilder(asked);
        builder.Configuration.AddInMemoryCollection(settings);
        await ServeCommand.RunAsync(builder, app => new DemoRun(app, clip, query).RunAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Finds the clip and the settings under which it can be shown: lower limits for a small clip, the stand-in models where the configured ones are missing.</summary>
    private static async Task<(DemoClip Clip, IReadOnlyDictionary<string, string?> Settings)> PlanAsync(
        string? given, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(asked);
        builder.AddMedia();
        builder.AddInference();
        await using var services = builder.Services.BuildServiceProvider();
        var profile = services.GetRequiredService<IOptions<ModelOptions>>().Value.Profile;
        // What the demonstration prints is not to drown in the server's log.
        var settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Warning", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning" };
        if (Missing(services) is { } sentence)
        {
            if (profile == StandInProfile || DemoClip.AssetsFolder() is null)
                throw new CommandFailure($"{sentence}\nThe models are fetched by: ./vu models fetch --profile {profile}");
            Console.WriteLine($"The models of profile {profile} are not here (./vu models fetch gets them); showing the stand-in models of the assets folder instead.");
            settings[$"{ModelOptions.Section}:{nameof(ModelOptions.Profile)}"] = StandInProfile;
        }
        var clip = await DemoClip.FindAsync(given, services.GetRequiredService<MediaProbe>(), cancellationToken);
        foreach (var (name, value) in clip.LimitsFor(builder.Configuration.GetSection(MediaLimits.Section).Get<MediaLimits>() ?? new MediaLimits()))
            settings[name] = value;
        return (clip, settings);
    }

    private static string? Missing(ServiceProvider services)
    {
        var models = services.GetRequiredService<ModelSet>();
        return Enum.GetValues<ModelRole>().Select(models.WhyUnavailable).FirstOrDefault(sentence => sentence is not null);
    }
}
