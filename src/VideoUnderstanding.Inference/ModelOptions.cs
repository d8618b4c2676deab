using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

/// <summary>The models that are used and the location of their files.</summary>
public sealed class ModelOptions
{
    public const string Section = "VideoUnderstanding:Models";

    /// <summary>Value of <see cref="Profile"/> that lets the server choose.</summary>
    public const string AutoProfile = "auto";

    /// <summary>Path of the manifest. Empty: models/manifest.json beside the executable. A relative path starts at the current
    /// folder.</summary>
    public string Manifest { get; set; } = "";

    /// <summary>Folder of fetched and imported model files, one subfolder per model. A relative path starts at the current
    /// folder.</summary>
    [Required]
    public string Folder { get; set; } = Path.Combine("models", "files");

    /// <summary>The profile of the manifest whose models are used; with <see cref="AutoProfile"/> <c>ProfileSelection</c>
    /// chooses.</summary>
    [Required]
    public string Profile { get; set; } = AutoProfile;

    /// <summary>Whether the first start of the server downloads better models than those that are present.</summary>
    [EnumDataType(typeof(ModelFetch))]
    public ModelFetch Fetch { get; set; } = ModelFetch.Auto;

    /// <summary>Auto uses a CUDA device if there is one; Cuda fails without one.</summary>
    [EnumDataType(typeof(ModelDevice))]
    public ModelDevice Device { get; set; } = ModelDevice.Auto;

    /// <summary>Threads of one run on the CPU. 0: all cores, at most 8.</summary>
    [Range(0, 256)]
    public int Threads { get; set; }

    /// <summary>Maximum GPU memory of one loaded model file, in megabytes.</summary>
    [Range(256, 1_048_576)]
    public int GpuMemoryMegabytes { get; set; } = 4096;

    /// <summary>True if the server chooses the profile.</summary>
    public bool IsAutoProfile => Profile.Equals(AutoProfile, StringComparison.OrdinalIgnoreCase);

    /// <summary>Absolute path of the manifest.</summary>
    public string ManifestPath()
        => Manifest.Length > 0 ? Path.GetFullPath(Manifest) : Path.Combine(AppContext.BaseDirectory, "models", "manifest.json");

    /// <summary>Absolute path of <see cref="Folder"/>.</summary>
    public string FolderPath() => Path.GetFullPath(Folder);

    /// <summary>Threads of one run on the CPU, 1 or more.</summary>
    public int ThreadCount() => Threads > 0 ? Threads : Math.Clamp(Environment.ProcessorCount, 1, 8);
}

/// <summary>Whether the first start downloads models.</summary>
public enum ModelFetch
{
    /// <summary>Yes, if the profile is <c>auto</c> and the database holds no vectors.</summary>
    Auto,
    Never,
}

/// <summary>Where models run.</summary>
public enum ModelDevice
{
    Auto,
    Cpu,
    Cuda,
}

/// <summary>Stops the server at the start if the manifest cannot be read or does not contain the profile.</summary>
internal sealed class ModelOptionsValidator : IValidateOptions<ModelOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        try
        {
            var manifest = ModelManifest.Load(options.ManifestPath());
            _ = options.IsAutoProfile ? manifest.Ranked()[0] : manifest.Profile(options.Profile);
            return ValidateOptionsResult.Success;
        }
        catch (ManifestException error)
        {
            return ValidateOptionsResult.Fail(error.Message);
        }
    }
}
