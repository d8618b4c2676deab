using System.CommandLine;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Server.Evaluation;
using VideoUnderstanding.Server.Evaluation.Calibrating;
using VideoUnderstanding.Server.Evaluation.Sets;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu calibrate</c>: measures what matches of the configured models are worth. docs/quality.md.</summary>
public static class CalibrateCommand
{
    public static Command Create()
    {
        var set = new Argument<string>("set") { Description = "Folder of videos with a ground-truth.json." };
        var queries = EvalCommand.QueriesOption();
        var profile = new Option<string?>("--profile") { Description = "Profile of the manifest; the configured one if left out." };
        var write = new Option<bool>("--write") { Description = "Stores the maps beside the manifest, where the server finds them at its next start." };
        var command = new Command("calibrate", "Indexes a set of videos with known content, asks its queries, and fits what scores mean. Settings may follow as --VideoUnderstanding:Name=value.")
        {
            set, queries, profile, write,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = ServerSettings.UserPath(parsed.GetRequiredValue(set));
            return await RunAsync(folder, EvalCommand.QueriesOf(parsed, queries), parsed.GetValue(profile), parsed.GetValue(write), parsed.Settings(), cancellationToken);
        });
        return command;
    }

    /// <returns>0; 1 when nothing could be fitted.</returns>
    private static async Task<int> RunAsync(string folder, IReadOnlyList<string> queries, string? profile, bool write, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        try
        {
            var set = await EvaluationSet.ReadAsync(folder, queries, cancellationToken);
            await using var bench = await EvaluationBench.OpenAsync(settings, profile, keep: false, cancellationToken);
            var run = new CalibrationRun(bench, set);
            var findings = await run.RunAsync(line => Console.Error.WriteLine($"  {line}"), cancellationToken);
            Console.Write(CalibrationText.Of(findings));
            if (write)
            {
                foreach (var path in run.Write(findings, NameOf(folder, queries)))
                    Console.WriteLine($"Written: {path}");
            }
            return findings.Any(one => one.Fitted is not null) ? 0 : 1;
        }
        catch (Exception told) when (told is ManifestException or EvaluationSetException)
        {
            throw new CommandFailure(told.Message);
        }
    }

    /// <summary>The names of folder and file tell sets apart; where they lie on this machine is nobody's business.</summary>
    private static string NameOf(string folder, IReadOnlyList<string> queries) => string.Join(", ", [new DirectoryInfo(folder).Name, .. queries.Select(Path.GetFileName)]);
}
