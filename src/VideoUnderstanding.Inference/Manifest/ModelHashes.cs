using VideoUnderstanding.Inference.Confidence;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>
/// Lets no file be loaded but the one that is meant: its hash must be the one that the manifest gives, or that was written down when the
/// operator fetched, imported or accepted it. Computed anew at each load, so that there is nothing to believe about files that were looked
/// at before; the load itself reads every byte as well.
/// </summary>
internal sealed class ModelHashes(ModelFolders folders)
{
    /// <summary>What a download leaves beside a file until it is whole.</summary>
    private static readonly string[] Leavings = [".part", ".etag"];

    private readonly TrustedHashes _trusted = new(folders.ModelsFolder);

    /// <returns>The hash of every file of the model that is there, by its path in the manifest.</returns>
    /// <exception cref="ModelUnavailableException">A file has another hash than it should, or nobody has said which it should
    /// have.</exception>
    public IReadOnlyDictionary<string, string> Require(ManifestRole role)
    {
        try
        {
            var found = role.Model.Files.Where(file => File.Exists(role.PathOf(file.Path)))
                .ToDictionary(file => file.Path, file => Require(role, file));
            if (!folders.IsForeign(role.Model))
                RequireNothingElse(role);
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
            throw new ModelUnavailableException($"{path} was not put there by `./vu models`, and the manifest gives no hash for it, so it "
                + $"is not loaded. `./vu models trust` accepts it as it is; removed, `./vu models fetch` fetches it.");
        var found = ModelHash.OfFile(path);
        return found == expected
            ? found
            : throw new ModelUnavailableException($"{path} is not the file that is meant and is not loaded: its sha256 is {found}, "
                + $"expected {expected}. Remove it and run `./vu models fetch`.");
    }

    /// <summary>Weights may name further files beside them, and settings are looked for by their usual names: in a folder of ours nothing
    /// lies that the manifest does not know.</summary>
    private static void RequireNothingElse(ManifestRole role)
    {
        if (!Directory.Exists(role.Folder))
            return;
        var listed = role.Model.Files.Select(file => role.PathOf(file.Path)).ToHashSet(StringComparer.Ordinal);
        var other = Directory.EnumerateFiles(role.Folder, "*", SearchOption.AllDirectories)
            .FirstOrDefault(path => !listed.Contains(path) && !Leavings.Contains(Path.GetExtension(path)));
        if (other is not null)
            throw new ModelUnavailableException($"The manifest does not list {other}, so the {ManifestReader.NameOf(role.Role)} model "
                + $"beside it is not loaded. Remove that file, or list it.");
    }
}
