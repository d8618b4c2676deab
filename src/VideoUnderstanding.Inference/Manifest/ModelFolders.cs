using System.Text.RegularExpressions;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Locates the files of a model on this machine.</summary>
/// <param name="modelsFolder">Folder of fetched and imported models, one subfolder each.</param>
/// <param name="manifestFolder">The manifest's folder, the value of <c>${MANIFEST_FOLDER}</c>.</param>
/// <param name="variable">Returns the value of an environment variable, or null.</param>
public sealed partial class ModelFolders(string modelsFolder, string manifestFolder, Func<string, string?> variable)
{
    public string ModelsFolder { get; } = modelsFolder;

    public ManifestRole Resolve(ManifestProfile profile, ModelRole role)
    {
        var model = profile.Models[role];
        return new ManifestRole(profile.Name, role, model, FolderOf(model));
    }

    /// <summary>True if the files are outside the models folder and are only read.</summary>
    public bool IsForeign(ManifestModel model) => Path.IsPathRooted(Expand(model.Folder) ?? "");

    private string FolderOf(ManifestModel model) => Path.GetFullPath(Expand(model.Folder) ?? model.Id, ModelsFolder);

    /// <summary>Null if the model names no folder, or one with an unset variable; then the models folder is used.</summary>
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
