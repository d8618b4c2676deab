using System.Globalization;
using System.Runtime.InteropServices;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Checks of <c>vu doctor</c> that need no database.</summary>
internal static class Diagnosis
{
    public const string Install = "Install it with: sudo deploy/install.sh";

    /// <summary>Minimum free bytes: with less, one upload of the maximum size could fill the disk.</summary>
    private const long MinFreeBytes = 4L << 30;

    private const double Gigabyte = 1L << 30;

    public static async Task<Finding> ToolAsync(string tool, CancellationToken cancellationToken)
    {
        try
        {
            return new Finding(tool, true,
                FirstLine((await ToolProcess.RunAsync(tool, ["-version"], new ToolLimits(), cancellationToken)).Text));
        }
        catch (ToolException)
        {
            return new Finding(tool, false, $"{tool} does not start. {Install}");
        }
    }

    public static Finding Sandbox(SandboxFeatures features)
        => new("sandbox of ffmpeg", features.BlocksNetwork,
            features.BlocksNetwork ? features.ToString()
                : $"{features}. Install util-linux and perl, or allow user namespaces or seccomp to the server's user.");

    public static IEnumerable<Finding> Tesseract()
    {
        var loads = NativeLibrary.TryLoad("libtesseract.so.5", out var library);
        if (loads)
            NativeLibrary.Free(library);
        yield return new Finding("tesseract", loads,
            loads ? "libtesseract.so.5" : $"The library libtesseract.so.5 is not installed. {Install}");
    }

    /// <summary>Does not create a missing folder, because the server does. Its nearest existing parent is checked instead.</summary>
    public static Finding DataFolder(string folder)
    {
        var existing = folder;
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } above)
            existing = above;
        try
        {
            var probe = Path.Combine(existing, $"doctor.{Environment.ProcessId}");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return new Finding("data folder", false,
                $"{folder} cannot be written: {refused.Message} Set VideoUnderstanding__DataFolder to a writable folder.");
        }
        var free = new DriveInfo(existing).AvailableFreeSpace;
        var space = string.Create(CultureInfo.InvariantCulture,
            $"{folder}{(existing == folder ? "" : " (created at the first start of the server)")}, {free / Gigabyte:0.0} GB free");
        return new Finding("data folder", free >= MinFreeBytes, free >= MinFreeBytes
            ? space
            : string.Create(CultureInfo.InvariantCulture,
                $"{space}; at least {MinFreeBytes / Gigabyte:0} GB are needed. Free space, or set VideoUnderstanding__DataFolder to a "
                    + $"folder on another disk."));
    }

    public static Finding Model(ModelSet models, ModelRole role)
        => models.WhyUnavailable(role) is { } sentence ? new Finding($"model {role}", false, sentence)
            : new Finding($"model {role}", true, "all files are present");

    /// <summary>Reports whether scores are calibrated. Provisional calibrations never report <c>high</c> and do not fail the
    /// check.</summary>
    public static IEnumerable<Finding> Scores(ModelSet models, Calibrations calibrations)
        => Enum.GetValues<EvidenceRole>().Where(role => models.WhyUnavailable(role.Model()) is null)
            .Select(role => ScoresOf(role, calibrations));

    /// <summary>Suggests switching indexes whose models have a lower rank than the best installed profile. Not a failure.</summary>
    /// <param name="best">Null if no profile is complete.</param>
    /// <param name="indexes">Number of indexes by profile, the empty name for that of the installation; null if unknown.</param>
    /// <param name="installation">Name of the profile of the installation.</param>
    public static IEnumerable<Finding> BetterModels(
        ModelManifest manifest, ManifestProfile? best, IReadOnlyDictionary<string, int>? indexes, string installation)
        => from one in indexes ?? new Dictionary<string, int>()
           let name = one.Key.Length == 0 ? installation : one.Key
           where best?.Rank > manifest.Profiles.GetValueOrDefault(name)?.Rank
           group one.Value by name into counts
           select new Finding("better models", true,
               $"{counts.Sum()} {(counts.Sum() == 1 ? "index uses" : "indexes use")} the models of {counts.Key}; the better ones of "
                   + $"{best!.Name} are installed. To use them without downtime: ./vu models switch {best.Name}");

    private static Finding ScoresOf(EvidenceRole role, Calibrations calibrations)
    {
        try
        {
            return new Finding($"scores {role}", true,
                calibrations.WhyProvisional(role) is { } reason ? $"provisional, never high: {reason}" : "measured on a labelled set");
        }
        catch (ManifestException wrong)
        {
            return new Finding($"scores {role}", false, wrong.Message);
        }
    }

    private static string FirstLine(string text)
        => text.AsSpan().Trim() is var trimmed && trimmed.IndexOf('\n') is var end and >= 0 ? trimmed[..end].ToString()
            : trimmed.ToString();
}
