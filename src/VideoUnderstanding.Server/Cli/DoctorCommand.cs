using System.CommandLine;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Server.Cli;

/// <summary><c>vu doctor</c>: what this machine has, what it lacks, and the command that fixes it.</summary>
public static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Checks tools, database, data folder and models. Exit code 1 when something is missing.");
        command.SetAction((_, cancellationToken) => RunAsync(Console.Out, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var builder = ServerSettings.CreateQuietBuilder();
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        await using var services = builder.Services.BuildServiceProvider();
        var models = services.GetRequiredService<ModelSet>();
        List<Finding> findings =
        [
            await Diagnosis.ToolAsync("ffmpeg", cancellationToken),
            await Diagnosis.ToolAsync("ffprobe", cancellationToken),
            Diagnosis.Jail(JailMeans.OfThisMachine),
            .. Diagnosis.Tesseract(),
            Diagnosis.DataFolder(builder.Configuration.DataFolder()),
            await DatabaseDiagnosis.LookAsync(builder.Configuration, cancellationToken),
            .. Enum.GetValues<ModelRole>().Select(role => Diagnosis.Model(models, role)),
            .. Diagnosis.Scores(models, services.GetRequiredService<Calibrations>()),
        ];
        foreach (var finding in findings)
            await output.WriteLineAsync($"{(finding.Ok ? "ok     " : "MISSING")}  {finding.Subject,-22} {finding.Detail}");
        var missing = findings.Count(finding => !finding.Ok);
        await output.WriteLineAsync(missing == 0 ? "All is there." : $"{missing} of {findings.Count} checks failed.");
        return missing == 0 ? 0 : 1;
    }
}

/// <summary>One line of the doctor's report.</summary>
/// <param name="Detail">What was found; for a failure what is missing and the command that fixes it.</param>
public sealed record Finding(string Subject, bool Ok, string Detail);
