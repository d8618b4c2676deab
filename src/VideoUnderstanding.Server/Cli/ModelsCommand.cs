using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu models</c>: the model files of this machine.</summary>
public static class ModelsCommand
{
    private const double Megabyte = 1024 * 1024;

    public static Command Create()
    {
        var profile = new Option<string?>("--profile") { Description = "The profile of the manifest; the configured one if left out.", Recursive = true };
        return new Command("models", "Fetches, imports, lists and verifies model files.")
        {
            profile,
            Verb("list", "Says of every file of the profile whether it is there.", profile, (store, name, _) => Task.FromResult(store.List(name))),
            Verb("fetch", "Downloads what is missing. May be stopped and started again.", profile,
                (store, name, cancellationToken) => store.FetchAsync(name, new ProgressLine(), cancellationToken)),
            Verb("verify", "Computes the hash of every file and compares it.", profile, (store, name, cancellationToken) => store.VerifyAsync(name, cancellationToken)),
            Verb("trust", "Accepts files that are there and whose hash nobody knows, as they are.", profile, (store, name, cancellationToken) => store.TrustAsync(name, cancellationToken)),
            ImportVerb(profile),
        };
    }

    private static Command ImportVerb(Option<string?> profile)
    {
        var folder = new Argument<string>("folder") { Description = "Folder with files brought from another machine." };
        var command = new Command("import", "Copies what is missing from a folder, for machines without a network.") { folder };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, profile,
            (store, name, token) => store.ImportAsync(name, ServerSettings.UserPath(parsed.GetRequiredValue(folder)), token), cancellationToken));
        return command;
    }

    private static Command Verb(string name, string description, Option<string?> profile,
        Func<ModelStore, string, CancellationToken, Task<IReadOnlyList<ModelFileState>>> work)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, profile, work, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<string?> profile,
        Func<ModelStore, string, CancellationToken, Task<IReadOnlyList<ModelFileState>>> work, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder();
        builder.AddMedia();
        builder.AddInference();
        await using var services = builder.Services.BuildServiceProvider();
        var name = parsed.GetValue(profile) ?? services.GetRequiredService<IOptions<ModelOptions>>().Value.Profile;
        try
        {
            var states = await work(services.GetRequiredService<ModelStore>(), name, cancellationToken);
            foreach (var state in states)
                Console.WriteLine(Line(state));
            return states.All(state => state.IsGood) ? 0 : 1;
        }
        catch (Exception told) when (told is ModelStoreException or ManifestException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(told.Message);
        }
    }

    internal static string Line(ModelFileState state)
    {
        var size = (state.Size ?? state.File.Size) is { } bytes ? (bytes / Megabyte).ToString("0.0", CultureInfo.InvariantCulture) + " MB" : "";
        var line = $"{Word(state.Condition),-20} {size,10}  {state.ModelId}/{state.File.Path}  ({state.File.Licence})";
        return state.Condition switch
        {
            ModelFileCondition.AddedAndTrusted => $"{line}\n{"",-20} no hash was known; trusted from now on: sha256 {state.Sha256}",
            ModelFileCondition.WrongHash => $"{line}\n{"",-20} sha256 {state.Sha256}: remove {state.FullPath} and fetch it again",
            ModelFileCondition.Missing => $"{line}\n{"",-20} expected at {state.FullPath}",
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

    /// <summary>Writes at once and in order, unlike Progress, which hands its calls to other threads.</summary>
    private sealed class ProgressLine : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value)
        {
            var total = value.Total is { } bytes ? string.Create(CultureInfo.InvariantCulture, $" of {bytes / Megabyte:0.0}") : "";
            var text = string.Create(CultureInfo.InvariantCulture, $"{value.FileNumber}/{value.FileCount} {value.ModelId}/{value.File}: {value.Received / Megabyte:0.0}{total} MB");
            if (Console.IsErrorRedirected)
                return;
            Console.Error.Write($"\r{text,-100}");
            if (value.Received == value.Total)
                Console.Error.WriteLine();
        }
    }
}
