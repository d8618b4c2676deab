namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Finds a model file in a folder that the user provides.</summary>
internal static class ImportSearch
{
    /// <returns>The file to copy; null if the folder has no matching file.</returns>
    public static async Task<string?> FindAsync(
        string folder, ModelFilePlace place, IReadOnlyList<ModelFilePlace> all, string expectedHash, CancellationToken cancellationToken)
    {
        var relative = Path.Combine(place.File.Path.Split('/'));
        var named = Path.Combine(folder, place.Model.Id, relative);
        var bare = Path.Combine(folder, relative);
        if (expectedHash.Length == 0)
        {
            // Without a hash only the location identifies a config.json, so a bare name must be unique.
            var unique = all.Count(other => other.File.Path == place.File.Path) == 1;
            return File.Exists(named) ? named : unique && File.Exists(bare) ? bare : null;
        }
        foreach (var candidate in Likely(folder, place.File).Prepend(bare).Prepend(named).Where(File.Exists))
        {
            if (await ModelStore.HashAsync(candidate, cancellationToken) == expectedHash)
                return candidate;
        }
        // Copying it gives an error message with its hash.
        return File.Exists(named) ? named : null;
    }

    private static IEnumerable<string> Likely(string folder, ManifestFile file)
    {
        var name = file.Path.Split('/')[^1];
        return new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(found => found.Name == name || found.Length == file.Size)
            .Select(found => found.FullName);
    }
}
