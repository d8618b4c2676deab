using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu models switch</c> and <c>vu models prune</c>: change the models of indexes while the server runs.
/// docs/models.md.</summary>
internal static class SwitchCommand
{
    private delegate Task<bool> IndexWork(VideoIndex index, ModelSwitch models);

    public static Command CreateSwitch(IReadOnlyList<string> settings)
    {
        var (profile, back, speech) = (
            new Argument<string?>("profile") { Description = "Profile of the manifest.", Arity = ArgumentArity.ZeroOrOne },
            new Option<bool>("--back") { Description = "Returns to the models before the last switch." },
            new Option<bool>("--speech") { Description = "Also transcribes speech again, if the profile has another speech model." });
        var index = IndexOption();
        var command = new Command("switch", "Embeds the videos of indexes with the models of a profile, and then switches searches to "
            + "them. Searches and uploads continue meanwhile. If it is interrupted, running it again continues.")
        {
            profile, back, speech, index,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(profile) is null != result.GetValue(back))
                result.AddError("Name the profile to switch to, or --back.");
            else if (result.GetValue(back) && result.GetValue(speech))
                result.AddError("--back returns to the earlier transcripts; --speech does not belong to it.");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, parsed.GetValue(index), services =>
        {
            var name = parsed.GetValue(profile);
            if (name is not null && !services.GetRequiredService<ModelManifest>().Profiles.ContainsKey(name))
                throw new CommandFailure($"The manifest has no profile {name}. See: ./vu models list");
            return (one, models) => SwitchAsync(one, models, name, parsed.GetValue(speech), cancellationToken);
        }, cancellationToken));
        return command;
    }

    public static Command CreatePrune(IReadOnlyList<string> settings)
    {
        var index = IndexOption();
        var command = new Command("prune", "Deletes the vectors that indexes had before they were switched, and those of unfinished "
            + "switches. --back is not possible afterwards.") { index };
        command.SetAction((parsed, cancellationToken) => RunAsync(settings, parsed.GetValue(index),
            _ => (one, models) => PruneAsync(one, models, cancellationToken), cancellationToken));
        return command;
    }

    private static Option<string?> IndexOption() => new("--index") { Description = "Id of an index. Default: all indexes." };

    private static async Task<bool> SwitchAsync(
        VideoIndex index, ModelSwitch models, string? profile, bool speech, CancellationToken cancellationToken)
    {
        if ((profile ?? await models.PreviousAsync(index.Id, cancellationToken)) is not { } target)
        {
            Console.WriteLine($"{index.Name} ({index.Id}): there are no earlier vectors.");
            return true;
        }
        var isSwitched = await new SwitchView(AnsiConsole.Console).RunAsync(index.Name,
            report => models.RunAsync(index, profile, speech, report, cancellationToken));
        Console.WriteLine(isSwitched
            ? $"{index.Name} ({index.Id}): searches use the models of {target}. Undo: ./vu models switch --back --index {index.Id}"
            : $"{index.Name} ({index.Id}): uses the models of {target} already.");
        return true;
    }

    private static async Task<bool> PruneAsync(VideoIndex index, ModelSwitch models, CancellationToken cancellationToken)
    {
        var isPruned = await models.PruneAsync(index.Id, cancellationToken);
        Console.WriteLine(isPruned
            ? $"{index.Name} ({index.Id}): only the vectors that searches use remain."
            : $"{index.Name} ({index.Id}): the earlier vectors are being read, perhaps by a backup. Run the command again later.");
        return isPruned;
    }

    /// <summary>Works on one index or all. A failure with one index does not stop the others.</summary>
    private static Task<int> RunAsync(IReadOnlyList<string> settings, string? indexId,
        Func<IServiceProvider, IndexWork> begin, CancellationToken cancellationToken)
        => DatabaseVerb.RunAsync(settings, builder =>
        {
            builder.AddMedia();
            builder.AddInference();
            builder.AddIndexing();
        }, async services =>
        {
            var db = services.GetRequiredService<VideoDbContext>();
            await services.ChooseProfileAsync(db, cancellationToken);
            var work = begin(services);
            var indexes = await db.Indexes.AsNoTracking()
                .Where(index => index.DeletedAt == null && (indexId == null || index.Id == indexId))
                .OrderBy(index => index.Id).ToListAsync(cancellationToken);
            if (indexId is not null && indexes.Count == 0)
                throw new CommandFailure($"There is no index {indexId}.");
            var failures = 0;
            foreach (var index in indexes)
            {
                try
                {
                    failures += await work(index, services.GetRequiredService<ModelSwitch>()) ? 0 : 1;
                }
                catch (ModelSwitchException failure)
                {
                    failures++;
                    Terminal.Fail($"{index.Name} ({index.Id}): {failure.Message}");
                }
            }
            return failures == 0 ? 0 : 1;
        }, cancellationToken);
}
