using VideoUnderstanding.Inference.Confidence;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Allows only known files to be loaded: the hash must be that of the manifest, or the one recorded when the operator fetched,
/// imported or accepted the file. It is computed at each load, so earlier checks are not trusted.</summary>
internal sealed class ModelHashes(ModelFolders folders)
{
    /// <summary>Extensions of the files of an unfinished download.</summary>
    private static readonly string[] DownloadExtensions = [".part", ".etag"];

    private readonly TrustedHashes _trusted = new(folders.ModelsFolder);

    /// <returns>The hash of every present file of the model, by its path in the manifest.</returns>
    /// <exception cref="ModelUnavailableException">A file has another hash than expected, or no expected hash is known.</exception>
    public IReadOnlyDictionary<string, string> Require(ManifestRole role)
    {
        try
        {
            var found = role.Model.Files.Where(file => File.Exists(role.PathOf(file.Path)))
                .ToDictionary(file => file.Path, file => Require(role, file));
            if (!folders.IsForeign(role.Model))
                RequireOnlyListedFiles(role);
            return found;
        }
        catch (ModelStoreException damaged)
        {
            throw new ModelUnavailableException(damaged.Message);
        }
    }

    private string Require(ManifestRole role, ManifestFile file)
    {
        var path = role.PathOf(file.Path);
        var expected = _trusted.ExpectedFor(role.ModelId, file);
        if (expected.Length == 0)
            throw new ModelUnavailableException($"{path} was not installed by `./vu models`, and the manifest gives no hash for it, so it "
                + $"is not loaded. `./vu models trust` accepts it as it is; removed, `./vu models fetch` fetches it.");
        var found = ModelHash.ComputeFile(path);
        return found == expected
            ? found
            : throw new ModelUnavailableException($"{path} is not the expected file and is not loaded: its sha256 is {found}, "
                + $"expected {expected}. Remove it and run `./vu models fetch`.");
    }

    /// <summary>Weights may refer to further files, and settings are found by their usual names. So a folder of ours may contain only files
    /// of the manifest.</summary>
    private static void RequireOnlyListedFiles(ManifestRole role)
    {
        if (!Directory.Exists(role.Folder))
            return;
        var listed = role.Model.Files.Select(file => role.PathOf(file.Path)).ToHashSet(StringComparer.Ordinal);
        var other = Directory.EnumerateFiles(role.Folder, "*", SearchOption.AllDirectories)
            .FirstOrDefault(path => !listed.Contains(path) && !DownloadExtensions.Contains(Path.GetExtension(path)));
        if (other is not null)
            throw new ModelUnavailableException($"The manifest does not list {other}, so the {ManifestReader.NameOf(role.Role)} model "
                + $"beside it is not loaded. Remove that file, or list it.");
    }
}
