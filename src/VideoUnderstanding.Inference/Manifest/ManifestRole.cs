using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>A role of the configured profile with the location of its files.</summary>
/// <param name="Folder">Absolute path to which <see cref="PathOf(string)"/> is relative.</param>
public sealed record ManifestRole(string Profile, ModelRole Role, ManifestModel Model, string Folder)
{
    public string ModelId => Model.Id;
    public int? Dimensions => Model.Dimensions;

    /// <summary>Values that no file beside the weights contains; always an object.</summary>
    public JsonElement Settings => Model.Settings;

    /// <summary>Changes if the model's name or any listed hash changes; 16 hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Model.Files.Select(file => $"{file.Path} {file.Sha256}").Prepend(Model.Id)))))[..16];

    /// <summary>Absolute path of a file of this model, given with forward slashes. The file need not exist.</summary>
    public string PathOf(string file) => Path.Combine(Folder, Path.Combine(file.Split('/')));

    /// <summary>Missing required files, as named in the manifest.</summary>
    public IReadOnlyList<string> MissingFiles() =>
        [.. Model.Files.Where(file => !file.Optional && !File.Exists(PathOf(file.Path))).Select(file => file.Path)];

    /// <summary>The settings with their path in the manifest, for error messages.</summary>
    internal ManifestNode SettingsNode
        => new("manifest.json", $"$.profiles.{Profile}.roles.{ManifestReader.NameOf(Role)}.settings", Settings);

    /// <summary>The length of the role's vectors.</summary>
    /// <exception cref="ManifestException">The manifest does not contain it.</exception>
    internal int RequiredDimensions() => Dimensions
        ?? throw new ManifestException($"manifest.json: $.profiles.{Profile}.roles.{ManifestReader.NameOf(Role)} must give dimensions.");

    /// <summary>The path of a file that a setting names, otherwise of the usual file.</summary>
    internal string PathOf(string setting, string usual) => PathOf(SettingsNode, setting, usual);

    /// <summary>The same for settings of a part of the model.</summary>
    internal string PathOf(ManifestNode settings, string setting, string usual) => PathOf(settings.Find(setting)?.NonEmptyText() ?? usual);

    /// <summary>A JSON file beside the weights; null if there is none.</summary>
    internal static ManifestNode? ReadJson(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return new ManifestNode(path, "$", document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new ManifestException($"{path} is not JSON: {error.Message}");
        }
    }
}
