using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Integrations;

/// <summary>Buckets and folders that accounts connect. Section <c>VideoUnderstanding:Integrations</c>.</summary>
public sealed class IntegrationOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Integrations";

    /// <summary>Folders of this machine; those below them, and they themselves, may be watched. Without any, none may.</summary>
    public IList<string> Folders { get; } = [];

    /// <summary>Integrations of one account, at most.</summary>
    [Range(0, 1000)]
    public int MaxIntegrations { get; set; } = 20;

    /// <summary>Video files of one integration that are listed, at most.</summary>
    [Range(1, 1_000_000)]
    public int MaxFiles { get; set; } = 10_000;

    /// <summary>Seconds that a look at a store or a folder may take.</summary>
    [Range(1, 3600)]
    public int ListSeconds { get; set; } = 60;

    /// <summary>Files of a watched folder that one look hands over, at most.</summary>
    [Range(1, 1000)]
    public int FilesPerLook { get; set; } = 20;

    /// <summary>Seconds that a file of a watched folder must not have changed before it is taken.</summary>
    [Range(0, 86_400)]
    public int SettleSeconds { get; set; } = 60;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => Folders.Where(folder => !Path.IsPathFullyQualified(folder) || Path.GetFullPath(folder) == Path.GetPathRoot(folder))
            .Select(folder => new ValidationResult($"Folders: {folder} is not the full path of a folder below the root.",
                [nameof(Folders)]));
}
