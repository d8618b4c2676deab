using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>A role of the configured profile with the place of its files on this machine.</summary>
/// <param name="Folder">Absolute path of the folder that <see cref="PathOf"/> starts at.</param>
public sealed record ManifestRole(string Profile, ModelRole Role, ManifestModel Model, string Folder)
{
    public string ModelId => Model.Id;
    public int? Dimensions => Model.Dimensions;

    /// <summary>Numbers of the role that no file beside the weights gives; always an object.</summary>
    public JsonElement Settings => Model.Settings;

    /// <summary>Changes when the model's name or any listed hash changes; 16 hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        string.Join('\n', Model.Files.Select(file => $"{file.Path} {file.Sha256}").Prepend(Model.Id)))))[..16];

    /// <summary>Absolute path of a file of this model, given with forward slashes; the file need not exist.</summary>
    public string PathOf(string file) => Path.Combine(Folder, Path.Combine(file.Split('/')));

    /// <summary>Listed files that are not there, as the manifest names them.</summary>
    public IReadOnlyList<string> MissingFiles() => [.. Model.Files.Select(file => file.Path).Where(file => !File.Exists(PathOf(file)))];
}
