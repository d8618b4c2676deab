using System.Security.Cryptography;
using System.Text;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Tells one model from every other whose cosines may differ: changes with any byte of its files and with its settings.</summary>
public static class ModelHash
{
    /// <summary>Reads all files of the model, as loading it does.</summary>
    /// <returns>64 hexadecimal digits; null when a file that it needs is missing.</returns>
    public static string? Of(ManifestRole role)
    {
        if (role.MissingFiles().Count > 0)
            return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in role.Model.Files.Where(file => File.Exists(role.PathOf(file.Path))).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            using var content = File.OpenRead(role.PathOf(file.Path));
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Path} {Convert.ToHexStringLower(SHA256.HashData(content))}\n"));
        }
        // Templates, prefixes and pooling change the vectors as other weights would.
        hash.AppendData(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(role.Settings)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
