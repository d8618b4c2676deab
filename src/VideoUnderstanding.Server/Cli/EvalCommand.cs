using System.CommandLine;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Server.Evaluation;
using VideoUnderstanding.Server.Evaluation.Reports;
using VideoUnderstanding.Server.Evaluation.Sets;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu eval</c>: how well the models of one or several profiles find what a set is known to hold. docs/quality.md.</summary>
public static class EvalCommand
{
    private sealed record Order(string Folder, IReadOnlyList<string> Queries, IReadOnlyList<string?> Profiles, string? Json, bool Pooling, bool Keep, IReadOnlyList<string> Settings);

    public static Command Create()
    {
        var set = new Argument<string>("set") { Description = "Folder of videos with a ground-truth.json." };
        var queries = QueriesOption();
        var profiles = new Option<string[]>("--profile") { Description = "Profile of the manifest; may be given again. The configured one if left out." };
        var json = new Option<string?>("--json") { Description = "Writes all figures to this file." };
        var pooling = new Option<bool>("--pooling") { Description = "Compares ways of pooling pictures to clips." };
        var keep = new Option<bool>("--keep") { Description = "Leaves the index and its data folder in place and says where." };
        var command = new Command("eval", "Indexes a set of videos with known content, asks its queries and prints how many are answered rightly. Settings may follow as --VideoUnderstanding:Name=value.")
        {
            set, queries, profiles, json, pooling, keep,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await RunAsync(new Order(ServerSettings.UserPath(parsed.GetRequiredValue(set)), QueriesOf(parsed, queries),
                parsed.GetValue(profiles) is { Length: > 0 } named ? [.. named.Distinct()] : [null], UserPath(parsed.GetValue(json)), parsed.GetValue(pooling),
                parsed.GetValue(keep), parsed.Settings()), cancellationToken);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(Order order, CancellationToken cancellationToken)
    {
        var set = await EvaluationSet.ReadAsync(order.Folder, order.Queries, cancellationToken);
        var reports = new List<ProfileReport>();
        foreach (var profile in order.Profiles)
            reports.Add(await RunAsync(order, set, profile, cancellationToken));
        var report = new EvaluationReport(new DirectoryInfo(order.Folder).Name, reports);
        Console.Write(ReportText.Of(report));
        if (order.Json is { } file)
            await File.WriteAllTextAsync(file, report.ToJson(), cancellationToken);
    }

    private static async Task<ProfileReport> RunAsync(Order order, EvaluationSet set, string? profile, CancellationToken cancellationToken)
    {
        try
        {
            await using var bench = await EvaluationBench.OpenAsync(order.Settings, profile, order.Keep, cancellationToken);
            var report = await EvaluationRun.RunAsync(bench, set, order.Pooling, order.Keep, line => Console.Error.WriteLine($"  {line}"), cancellationToken);
            if (order.Keep)
                await Console.Error.WriteLineAsync($"Kept in the data folder {bench.Folder}: VideoUnderstanding__DataFolder names it to ./vu keys and ./vu serve.");
            return report;
        }
        catch (ManifestException wrong)
        {
            throw new CommandFailure(wrong.Message);
        }
    }

    internal static Option<string[]> QueriesOption() => new("--queries") { Description = "File of queries; may be given again. queries.json of the set if left out." };

    internal static IReadOnlyList<string> QueriesOf(ParseResult parsed, Option<string[]> option) => [.. (parsed.GetValue(option) ?? []).Select(ServerSettings.UserPath)];

    private static string? UserPath(string? path) => path is null ? null : ServerSettings.UserPath(path);
}
