using System.CommandLine;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Evaluation;
using VideoUnderstanding.Operations.Evaluation.Reports;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu eval</c>: evaluates the models of one or more profiles on a set with known content. docs/quality.md.</summary>
public static class EvalCommand
{
    private sealed record EvaluationRequest(
        EvaluationSet Set, IReadOnlyList<string?> Profiles, string? Json, bool Pooling, bool Keep, IReadOnlyList<string> Settings);

    public static Command Create(IReadOnlyList<string> settings)
    {
        var arguments = new SetArguments();
        var profiles = new Option<string[]>("--profile")
        {
            Description = "Profile of the manifest; may be repeated. Default: the configured one.",
        };
        var json = new Option<string?>("--json") { Description = "Writes all figures to this file." };
        var pooling = new Option<bool>("--pooling") { Description = "Compares methods of pooling frames into clips." };
        var keep = new Option<bool>("--keep") { Description = "Keeps the index and its data folder and prints the path." };
        var command = new Command("eval",
            "Indexes a set of videos with known content, runs its queries and prints the search quality.");
        arguments.AddTo(command);
        foreach (var option in new Option[] { profiles, json, pooling, keep })
            command.Add(option);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            IReadOnlyList<string?> names = parsed.GetValue(profiles) is { Length: > 0 } given ? [.. given.Distinct()] : [null];
            var set = await arguments.ReadAsync(parsed, cancellationToken);
            await RunAsync(
                new EvaluationRequest(
                    set, names, UserPath(parsed.GetValue(json)), parsed.GetValue(pooling), parsed.GetValue(keep), settings),
                cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(EvaluationRequest request, CancellationToken cancellationToken)
    {
        var reports = new List<ProfileReport>();
        foreach (var profile in request.Profiles)
            reports.Add(await RunAsync(request, profile, cancellationToken));
        var report = new EvaluationReport(new DirectoryInfo(request.Set.Folder).Name, reports);
        Console.Write(ReportText.Format(report));
        if (request.Json is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
    }

    private static async Task<ProfileReport> RunAsync(EvaluationRequest request, string? profile, CancellationToken cancellationToken)
    {
        try
        {
            await using var bench = await EvaluationBench.OpenAsync(request.Set.Roles, request.Settings, profile, request.Keep,
                cancellationToken);
            var report = await EvaluationRun.RunAsync(bench, request.Set, request.Pooling, request.Keep,
                line => Console.Error.WriteLine($"  {line}"), cancellationToken);
            if (request.Keep)
                await Console.Error.WriteLineAsync(
                    $"Kept in the data folder {bench.Folder}: pass it to ./vu keys and ./vu serve with {ServerArguments.Data}.");
            return report;
        }
        catch (ManifestException wrong)
        {
            throw new CommandFailure(wrong.Message);
        }
    }

    private static string? UserPath(string? path) => path is null ? null : ServerSettings.UserPath(path);
}
