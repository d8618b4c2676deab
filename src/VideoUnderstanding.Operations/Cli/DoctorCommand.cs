using System.CommandLine;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Operations.Database;

namespace VideoUnderstanding.Operations.Cli;

/// <summary><c>vu doctor</c>: checks the installation and prints the command that fixes each failure.</summary>
public static class DoctorCommand
{
    public static Command Create(IReadOnlyList<string> settings)
    {
        var command = new Command("doctor", "Checks tools, database, data folder and models. Exit code 1 if a check fails.");
        command.SetAction((_, cancellationToken) => RunAsync(settings, Console.Out, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(IReadOnlyList<string> settings, TextWriter output, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder(settings);
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        await using var services = builder.Services.BuildServiceProvider();
        var stored = await StoredModels.TryReadAsync(builder.Configuration, cancellationToken);
        var choice = services.GetRequiredService<ProfileSelection>().Choose(stored?.Visual, stored?.Text);
        var models = services.GetRequiredService<ModelSet>();
        List<Finding> findings =
        [
            await Diagnosis.ToolAsync("ffmpeg", cancellationToken),
            await Diagnosis.ToolAsync("ffprobe", cancellationToken),
            Diagnosis.Sandbox(SandboxFeatures.OfThisMachine),
            .. Diagnosis.Tesseract(),
            Diagnosis.DataFolder(builder.Configuration.StateDataFolder()),
            await DatabaseDiagnosis.CheckAsync(builder.Configuration, cancellationToken),
            .. await DatabaseDiagnosis.NodesAsync(builder.Configuration, cancellationToken),
            new Finding("profile", choice.IsComplete, $"{choice.Profile.Name}. {choice.Reason} {choice.Profile.Note}".TrimEnd()),
            .. models.Roles.Select(role => Diagnosis.Model(models, role)),
            .. Diagnosis.Scores(models, services.GetRequiredService<Calibrations>()),
            .. Diagnosis.BetterModels(services.GetRequiredService<ModelManifest>(),
                services.GetRequiredService<ProfileSelection>().BestInstalled,
                await StoredModels.TryCountIndexesAsync(builder.Configuration, cancellationToken), choice.Profile.Name),
        ];
        foreach (var finding in findings)
            await output.WriteLineAsync($"{(finding.Ok ? "ok     " : "MISSING")}  {finding.Subject,-22} {finding.Detail}");
        var missing = findings.Count(finding => !finding.Ok);
        await output.WriteLineAsync(missing == 0 ? "All checks passed." : $"{missing} of {findings.Count} checks failed.");
        return missing == 0 ? 0 : 1;
    }
}

/// <summary>Result of one check of <c>vu doctor</c>.</summary>
/// <param name="Detail">The result; for a failure, what is missing and the command that fixes it.</param>
public sealed record Finding(string Subject, bool Ok, string Detail);
