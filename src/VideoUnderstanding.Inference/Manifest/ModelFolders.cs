using System.Text.RegularExpressions;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Tells where the files of a model lie on this machine.</summary>
/// <param name="modelsFolder">Where fetched and imported models lie, one folder each.</param>
/// <param name="manifestFolder">The folder of the manifest; <c>${MANIFEST_FOLDER}</c> in a model's folder stands for it.</param>
/// <param name="variable">Value of an environment variable, or null.</param>
public sealed partial class ModelFolders(string modelsFolder, string manifestFolder, Func<string, string?> variable)
{
    public string ModelsFolder { get; } = modelsFolder;

    public ManifestRole Resolve(ManifestProfile profile, ModelRole role)
    {
        var model = profile.Models[role];
        return new ManifestRole(profile.Name, role, model, FolderOf(model));
    }

    /// <summary>True when the files were put there by someone else and are only read.</summary>
    public bool IsForeign(ManifestModel model) => Path.IsPathRooted(Expand(model.Folder) ?? "");

    private string FolderOf(ManifestModel model) => Path.GetFullPath(Expand(model.Folder) ?? model.Id, ModelsFolder);

    /// <summary>Null when the model names no folder, or one behind a variable that is not set: then its place is the models
    /// folder.</summary>
    private string? Expand(string? folder)
    {
        if (folder is null)
            return null;
        var missing = false;
        var expanded = Variable().Replace(folder, match =>
        {
            var name = match.Groups[1].Value;
            var value = name == "MANIFEST_FOLDER" ? manifestFolder : variable(name);
            missing |= string.IsNullOrEmpty(value);
            return value ?? "";
        });
        return missing ? null : expanded;
    }

    [GeneratedRegex(@"\$\{([A-Za-z0-9_]+)\}")]
    private static partial Regex Variable();
}
