using System.Text.Json;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The list of models: profiles, each with one model per role.</summary>
/// <param name="Path">Path of the manifest file.</param>
/// <param name="Profiles">By name.</param>
public sealed record ModelManifest(string Path, IReadOnlyDictionary<string, ManifestProfile> Profiles)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <exception cref="ManifestException">The file is missing, not JSON, or invalid; the message contains the place.</exception>
    public static ModelManifest Load(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
            return ManifestReader.Read(path, document.RootElement.Clone());
        }
        catch (JsonException error)
        {
            throw new ManifestException($"{path} is not JSON: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ManifestException($"The list of models can not be read: {error.Message} {ModelOptions.Section}:Manifest names it.");
        }
    }

    /// <exception cref="ManifestException">There is no such profile.</exception>
    public ManifestProfile Profile(string name) => Profiles.TryGetValue(name, out var profile)
        ? profile
        : throw new ManifestException(
            $"{Path} has no profile \"{name}\"; it has: {string.Join(", ", Profiles.Keys)}. {ModelOptions.Section}:Profile chooses one.");

    /// <summary>The profiles that <c>auto</c> may choose, best first; at least one.</summary>
    /// <exception cref="ManifestException">No profile has a rank.</exception>
    public IReadOnlyList<ManifestProfile> Ranked()
    {
        ManifestProfile[] ranked = [.. Profiles.Values.Where(profile => profile.Rank is not null)
            .OrderByDescending(profile => profile.Rank)];
        return ranked.Length > 0 ? ranked
            : throw new ManifestException(
                $"{Path} gives no profile a rank, so {ModelOptions.Section}:Profile must name one: {string.Join(", ", Profiles.Keys)}.");
    }
}
