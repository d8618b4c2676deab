using System.Security.Cryptography;
using System.Text;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Identifies a model by all its files and settings, because each of them can change its cosines.</summary>
public static class ModelHash
{
    /// <summary>Reads all files of the model; <see cref="ModelSet.HashOf"/> does so only once.</summary>
    /// <returns>64 hexadecimal digits; null if a required file is missing.</returns>
    public static string? Compute(ManifestRole role)
        => role.MissingFiles().Count > 0
            ? null
            : Compute(role,
                role.Model.Files.Where(file => File.Exists(role.PathOf(file.Path)))
                    .ToDictionary(file => file.Path, file => ComputeFile(role.PathOf(file.Path))));

    /// <param name="files">Hashes of the present files, by their path in the manifest.</param>
    internal static string Compute(ManifestRole role, IReadOnlyDictionary<string, string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, content) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes($"{path} {content}\n"));
        // Templates, prefixes and pooling change the vectors as other weights would.
        hash.AppendData(Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(role.Settings)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static string ComputeFile(string path)
    {
        using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
