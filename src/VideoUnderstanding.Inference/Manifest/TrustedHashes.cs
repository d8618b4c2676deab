using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Hashes of files that the manifest has no hash for, recorded at the first download: trusted.json in the models folder.</summary>
internal sealed class TrustedHashes(string modelsFolder)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly string _path = Path.Combine(modelsFolder, "trusted.json");

    /// <summary>The expected hash; empty if unknown.</summary>
    public string ExpectedFor(string modelId, ManifestFile file)
    {
        if (file.Sha256.Length > 0)
            return file.Sha256;
        // Another address is another file, so its first download is trusted again.
        return Read().TryGetValue($"{modelId}/{file.Path}", out var known) && known.Address == file.Address?.ToString() ? known.Sha256 : "";
    }

    public void Trust(string modelId, ManifestFile file, string sha256, DateTimeOffset now)
    {
        var all = Read();
        all[$"{modelId}/{file.Path}"] = new Entry(sha256, file.Address?.ToString(), now);
        Directory.CreateDirectory(modelsFolder);
        var written = $"{_path}.{Guid.NewGuid():N}";
        File.WriteAllText(written, JsonSerializer.Serialize(all, Indented));
        File.Move(written, _path, overwrite: true);
    }

    private SortedDictionary<string, Entry> Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize<SortedDictionary<string, Entry>>(File.ReadAllText(_path)) ?? [] : [];
        }
        catch (JsonException error)
        {
            throw new ModelStoreException($"{_path} is damaged: {error.Message} Without it the hashes trusted before are not known; delete "
                + $"it and run `./vu models trust` to accept the files as they are.");
        }
    }

    private sealed record Entry(string Sha256, string? Address, DateTimeOffset TrustedOn);
}
