using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>Settings of buckets and folders that accounts connect. Section <c>VideoUnderstanding:Integrations</c>.</summary>
public sealed class IntegrationOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Integrations";

    /// <summary>Folders of this machine that may be watched, including their subfolders. Empty: none.</summary>
    public IList<string> Folders { get; } = [];

    /// <summary>Maximum integrations per account.</summary>
    [Range(0, 1000)]
    public int MaxIntegrations { get; set; } = 20;

    /// <summary>Maximum video files listed per integration.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Timeout of listing a store or a folder, in seconds.</summary>
    [Range(1, 3600)]
    public int ListSeconds { get; set; } = 60;

    /// <summary>Maximum files of a watched folder for which one scan creates tasks.</summary>
    [Range(1, 1000)]
    public int FilesPerScan { get; set; } = 20;

    /// <summary>Seconds without change before a file of a watched folder is indexed.</summary>
    [Range(0, 86_400)]
    public int SettleSeconds { get; set; } = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => Folders.Where(folder => !Path.IsPathFullyQualified(folder) || Path.GetFullPath(folder) == Path.GetPathRoot(folder))
            .Select(folder => new ValidationResult($"Folders: {folder} is not the full path of a folder below the root.",
                [nameof(Folders)]));
}
