using System.CommandLine;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu demo</c>: starts the server, indexes one video, searches in it, and continues to serve.</summary>
public static class DemoCommand
{
    public static Command Create(ServeServer serve, IReadOnlyList<string> settings)
    {
        var clip = new Argument<string?>("clip")
        {
            Description = "A video file. Default: a video that is generated from Debian packages.", Arity = ArgumentArity.ZeroOrOne,
        };
        var query = new Option<string>("--query")
        {
            Description = "Query for the pictures of CLIP.", DefaultValueFactory = _ => "a dog",
        };
        var offline = new Option<bool>("--offline") { Description = "Has no effect: the demonstration never downloads models." };
        var command = new Command("demo",
            "Starts the server, indexes a clip, and searches in it. The server continues to run.")
        {
            clip, query, offline,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(serve, parsed.GetValue(clip), parsed.GetRequiredValue(query), settings, cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        ServeServer serve, string? given, string query, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vu-demo-").FullName;
        try
        {
            var path = given is null ? Path.Combine(folder, "demo.mp4") : ServerSettings.UserPath(given);
            if (given is null)
                await MakeClipAsync(path, cancellationToken);
            var (clip, settings) = await PlanAsync(path, asked, cancellationToken);
            var questions = given is null ? DemoScenario.Questions : null;
            await serve(asked, settings, app => new DemoRun(app, clip, query, questions).RunAsync(cancellationToken), cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MakeClipAsync(string path, CancellationToken cancellationToken)
    {
        Console.WriteLine("Generating the demonstration video from Debian packages ...");
        await DemoClipWriter.WriteAsync(DemoScenario.Scenes, path, cancellationToken);
        Console.WriteLine($"It can be watched while the server runs: {path}");
    }

    /// <summary>Reads the clip and finds the settings for it: lower limits for a small clip.</summary>
    private static async Task<(DemoClip Clip, IReadOnlyDictionary<string, string?> Settings)> PlanAsync(
        string path, IReadOnlyList<string> asked, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(asked);
        builder.AddMedia();
        await using var services = builder.Services.BuildServiceProvider();
        // The server's log would hide the output of the demonstration.
        var settings = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Warning", ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        };
        var clip = await DemoClip.ReadAsync(path, services.GetRequiredService<MediaProbe>(), cancellationToken);
        foreach (var (name,
            value) in clip.LimitsFor(builder.Configuration.GetSection(MediaLimits.Section).Get<MediaLimits>() ?? new MediaLimits()))
            settings[name] = value;
        return (clip, settings);
    }
}
