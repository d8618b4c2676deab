using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu models</c>: manages the model files of this machine.</summary>
public static class ModelsCommand
{
    private const double Megabyte = 1_000_000;

    private delegate Task<IReadOnlyList<ModelFileState>> Work(ModelStore store, string profile, CancellationToken cancellationToken);

    public static Command Create(IReadOnlyList<string> settings)
    {
        var profile = new Option<string?>("--profile")
        {
            Description =
                "A profile of the manifest. Default: the configured one; with `auto`: all (list), the best one for a CPU (fetch, import), "
                    + "the one in use (verify, trust).",
            Recursive = true,
        };
        return new Command("models", "Downloads, imports, lists and verifies model files, and switches indexes to other models.")
        {
            profile,
            ListVerb(settings, profile),
            FetchVerb(settings, profile),
            ImportVerb(settings, profile),
            Verb(settings, "verify", "Computes the hash of every file and compares it.", profile,
                (store, name, token) => store.VerifyAsync(name, token)),
            Verb(settings, "trust", "Trusts the present files whose hash is unknown.", profile,
                (store, name, token) => store.TrustAsync(name, token)),
            SwitchCommand.CreateSwitch(settings),
            SwitchCommand.CreatePrune(settings),
        };
    }

    private static Command ListVerb(IReadOnlyList<string> settings, Option<string?> profile)
    {
        var command = new Command("list", "Lists the files of each profile with their sizes, and whether they are present.");
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, async services =>
        {
            var stored = await StoredModels.TryReadAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
            var choice = services.GetRequiredService<ProfileSelection>().Choose(stored?.Visual, stored?.Text);
            var isAuto = services.GetRequiredService<IOptions<ModelOptions>>().Value.IsAutoProfile;
            IEnumerable<string> names = parsed.GetValue(profile) is { } named ? [named]
                : isAuto ? services.GetRequiredService<ModelManifest>().Ranked().Select(ranked => ranked.Name).Union([choice.Profile.Name])
                : [choice.Profile.Name];
            var isGood = true;
            foreach (var name in names)
            {
                var states = services.GetRequiredService<ModelStore>().List(name);
                var isUsed = name == choice.Profile.Name;
                Console.WriteLine(Header(name, states, isUsed));
                isGood &= Print(states, showPlaces: isUsed || parsed.GetValue(profile) is not null)
                    || (isAuto && !isUsed && parsed.GetValue(profile) is null);
            }
            return isGood;
        }));
        return command;
    }

    private static Command FetchVerb(IReadOnlyList<string> settings, Option<string?> profile)
    {
        var command = new Command("fetch", "Downloads missing files. May be stopped and started again.");
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, async services =>
        {
            var store = services.GetRequiredService<ModelStore>();
            var name = parsed.GetValue(profile) ?? services.GetRequiredService<ProfileSelection>().ToFetch.Name;
            if (store.BytesToFetch(name) is > 0 and var bytes)
                Console.WriteLine(
                    string.Create(CultureInfo.InvariantCulture, $"Downloading {bytes / Megabyte:0.0} MB for profile {name}."));
            var isGood = Print(await store.FetchAsync(name, DownloadLimits.Interactive, FetchMeter.OnConsole(), cancellationToken));
            if (isGood)
                await PrintUseAsync(services, name, cancellationToken);
            return isGood;
        }));
        return command;
    }

    private static Command ImportVerb(IReadOnlyList<string> settings, Option<string?> profile)
    {
        var folder = new Argument<string>("folder") { Description = "Folder with files from another machine." };
        var command = new Command("import", "Copies missing files from a folder, for machines without a network.") { folder };
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, async services =>
        {
            var name = parsed.GetValue(profile) ?? services.GetRequiredService<ProfileSelection>().ToFetch.Name;
            var source = ServerSettings.UserPath(parsed.GetRequiredValue(folder));
            var isGood = Print(await services.GetRequiredService<ModelStore>().ImportAsync(name, source, cancellationToken));
            if (isGood)
                await PrintUseAsync(services, name, cancellationToken);
            return isGood;
        }));
        return command;
    }

    private static Command Verb(
        IReadOnlyList<string> settings, string name, string description, Option<string?> profile, Work work)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, async services =>
        {
            var stored = await StoredModels.TryReadAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
            var used = services.GetRequiredService<ProfileSelection>().Choose(stored?.Visual, stored?.Text).Profile.Name;
            return Print(await work(services.GetRequiredService<ModelStore>(), parsed.GetValue(profile) ?? used, cancellationToken));
        }));
        return command;
    }

    /// <param name="work">Returns false for exit code 1.</param>
    private static async Task<int> RunAsync(IReadOnlyList<string> settings, Func<IServiceProvider, Task<bool>> work)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        builder.Configuration.StateDataFolder();
        builder.AddMedia();
        builder.AddInference();
        await using var services = builder.Services.BuildServiceProvider();
        try
        {
            return await work(services) ? 0 : 1;
        }
        catch (Exception failure) when (failure is ModelStoreException or ManifestException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(failure.Message);
        }
    }

    /// <summary>Prints when the server will use a profile that is now complete.</summary>
    private static async Task PrintUseAsync(IServiceProvider services, string name, CancellationToken cancellationToken)
    {
        var options = services.GetRequiredService<IOptions<ModelOptions>>().Value;
        var stored = await StoredModels.TryReadAsync(services.GetRequiredService<IConfiguration>(), cancellationToken);
        if (services.GetRequiredService<ProfileSelection>() is var selection && stored is { IsEmpty: false })
        {
            var used = selection.Choose(stored.Visual, stored.Text).Profile.Name;
            if (used != name)
                Console.WriteLine(InUse(used, name));
        }
        else if (stored is null && options.IsAutoProfile)
        {
            Console.WriteLine($"The server uses {name} from its next start if its database holds no vectors. Otherwise it keeps the "
                + $"profile of these vectors.");
        }
        else if (options.IsAutoProfile)
        {
            Console.WriteLine(
                "The database holds no vectors. The server chooses its profile at the next start: restart it before you upload videos.");
        }
    }

    /// <summary>Returns how to switch a server with stored vectors to other models.</summary>
    internal static string InUse(string used, string other)
        => $"The database holds vectors of profile {used}, so the server keeps using {used}. Vectors of two profiles cannot be compared. "
            + $"To change indexes to {other}: ./vu models switch {other}";

    private static string Header(string profile, IReadOnlyList<ModelFileState> states, bool isUsed)
    {
        var missing = states.Count(state => !state.IsGood);
        var bytes = states.Sum(state => state.Size ?? state.File.Size ?? 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"profile {profile}: {states.Count} files, "
                + $"{bytes / Megabyte:0.0} MB{(missing > 0 ? $", {missing} missing or wrong" : "")}{(isUsed ? ", in use" : "")}");
    }

    /// <param name="showPlaces">Whether a missing file gets a second line with its path.</param>
    private static bool Print(IReadOnlyList<ModelFileState> states, bool showPlaces = true)
    {
        foreach (var state in states)
            Console.WriteLine(Line(state, showPlaces));
        return states.All(state => state.IsGood);
    }

    internal static string Line(ModelFileState state, bool showPlaces)
    {
        var size = (state.Size ?? state.File.Size) is { } bytes ? (bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture) + " MB"
            : "";
        var line = $"{Word(state.Condition),-20} {size,10}  {state.ModelId}/{state.File.Path}  ({state.File.Licence})";
        return state.Condition switch
        {
            ModelFileCondition.AddedAndTrusted
                => $"{line}\n{"",-20} the manifest has no hash; from now on this hash is trusted: sha256 {state.Sha256}",
            ModelFileCondition.WrongHash => $"{line}\n{"",-20} sha256 {state.Sha256}: remove {state.FullPath} and fetch it again",
            ModelFileCondition.Missing when showPlaces => $"{line}\n{"",-20} expected at {state.FullPath}",
            _ => line,
        };
    }

    private static string Word(ModelFileCondition condition) => condition switch
    {
        ModelFileCondition.Present => "present",
        ModelFileCondition.Missing => "MISSING",
        ModelFileCondition.NotNeeded => "not needed",
        ModelFileCondition.WrongSize => "WRONG SIZE",
        ModelFileCondition.WrongHash => "WRONG HASH",
        ModelFileCondition.Verified => "verified",
        ModelFileCondition.NoHashKnown => "no hash known",
        ModelFileCondition.Added => "added",
        _ => "added, trusted",
    };
}
