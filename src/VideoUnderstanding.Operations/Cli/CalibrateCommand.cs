using System.CommandLine;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Evaluation;
using VideoUnderstanding.Operations.Evaluation.Calibrating;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu calibrate</c>: fits the maps from evidence to score for the configured models. docs/quality.md.</summary>
public static class CalibrateCommand
{
    public static Command Create(IReadOnlyList<string> settings)
    {
        var arguments = new SetArguments();
        var profile = new Option<string?>("--profile") { Description = "Profile of the manifest. Default: the configured one." };
        var write = new Option<bool>("--write")
        {
            Description = "Writes the calibration files beside the manifest. The server reads them at its next start.",
        };
        var command = new Command("calibrate",
            "Indexes a set of videos with known content, runs its queries, and calibrates the scores.");
        arguments.AddTo(command);
        command.Add(profile);
        command.Add(write);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                var set = await arguments.ReadAsync(parsed, cancellationToken);
                var name = parsed.GetValue(write) ? arguments.NameOf(parsed) : null;
                return await RunAsync(set, name, parsed.GetValue(profile), settings, cancellationToken);
            }
            catch (Exception failure) when (failure is ManifestException or EvaluationSetException)
            {
                throw new CommandFailure(failure.Message);
            }
        });
        return command;
    }

    /// <param name="name">Name of the set in the written files; null writes none.</param>
    /// <returns>0, or 1 if nothing could be fitted.</returns>
    private static async Task<int> RunAsync(
        EvaluationSet set, string? name, string? profile, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        await using var bench = await EvaluationBench.OpenAsync(set.Roles, settings, profile, keep: false, cancellationToken);
        var run = new CalibrationRun(bench, set);
        var findings = await run.RunAsync(line => Console.Error.WriteLine($"  {line}"), cancellationToken);
        Console.Write(CalibrationText.Format(findings));
        foreach (var path in name is null ? [] : run.Write(findings, name))
            Console.WriteLine($"Written: {path}");
        return findings.Any(one => one.Fitted is not null) ? 0 : 1;
    }
}
