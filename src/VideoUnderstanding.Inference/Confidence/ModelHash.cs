using System.Security.Cryptography;
using System.Text;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Tells one model from every other whose cosines may differ: changes with any byte of its files and with its settings.</summary>
public static class ModelHash
{
    /// <summary>Reads all files of the model, as loading it does; <see cref="ModelSet.HashOf"/> does so only once.</summary>
    /// <returns>64 hexadecimal digits; null when a file that it needs is missing.</returns>
    public static string? Of(ManifestRole role)
        => role.MissingFiles().Count > 0
            ? null
            : Of(role,
                role.Model.Files.Where(file => File.Exists(role.PathOf(file.Path)))
                    .ToDictionary(file => file.Path, file => OfFile(role.PathOf(file.Path))));

    /// <param name="files">Hash of every file of the model that is there, by its path in the manifest.</param>
    internal static string Of(ManifestRole role, IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{path} {content}\n"));
        // Templates, prefixes and pooling change the vectors as other weights would.
        hash.AppendData(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(role.Settings)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string OfFile(string path)
    {
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
