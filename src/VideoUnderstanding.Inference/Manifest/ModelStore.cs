using System.Security.Cryptography;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The model files of this machine: says what is there, fetches, imports and verifies.</summary>
public sealed class ModelStore(ModelManifest manifest, ModelFolders folders, IHttpClientFactory http, TimeProvider clock)
{
    /// <summary>Name of the HTTP client that fetches model files.</summary>
    public const string HttpClientName = "models";

    private readonly TrustedHashes _trusted = new(folders.ModelsFolder);

    /// <summary>Pause before the second try of a download; doubles with every further one.</summary>
    internal TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Names of the profiles.</summary>
    public IReadOnlyCollection<string> Profiles => [.. manifest.Profiles.Keys];

    /// <summary>Every file of a profile and whether it is there. Quick: computes no hashes.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public IReadOnlyList<ModelFileState> List(string profile) => [.. Places(profile).Select(Look)];

    /// <summary>Computes the hash of every file of a profile.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> VerifyAsync(string profile, CancellationToken cancellationToken)
    {
        var states = new List<ModelFileState>();
        foreach (var place in Places(profile))
        {
            var state = Look(place);
            if (state.Condition == ModelFileCondition.Present)
            {
                var (hash, expected) = (await HashAsync(place.FullPath, cancellationToken), _trusted.ExpectedFor(place.Model.Id, place.File));
                state = state with
                {
                    Sha256 = hash,
                    Condition = expected.Length == 0 ? ModelFileCondition.NoHashKnown : expected == hash ? ModelFileCondition.Verified : ModelFileCondition.WrongHash,
                };
            }
            states.Add(state);
        }
        return states;
    }

    /// <summary>Accepts the files of a profile that are there and whose hash nobody knows, as they are: their hashes are written down.</summary>
    /// <returns>Every file of the profile; those accepted now are <see cref="ModelFileCondition.AddedAndTrusted"/>.</returns>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> TrustAsync(string profile, CancellationToken cancellationToken)
    {
        var states = new List<ModelFileState>();
        foreach (var (state, place) in (await VerifyAsync(profile, cancellationToken)).Zip(Places(profile)))
        {
            var isNew = state.Condition == ModelFileCondition.NoHashKnown;
            if (isNew)
                _trusted.Trust(place.Model.Id, place.File, state.Sha256!, clock.GetUtcNow());
            states.Add(isNew ? state with { Condition = ModelFileCondition.AddedAndTrusted } : state);
        }
        return states;
    }

    /// <summary>Downloads what is missing of a profile. May be stopped and started again at any time.</summary>
    /// <returns>Every file of the profile; those that came now are <see cref="ModelFileCondition.Added"/> or <see cref="ModelFileCondition.AddedAndTrusted"/>.</returns>
    /// <exception cref="ModelStoreException">A file could not be had, or is not the one the manifest means.</exception>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> FetchAsync(string profile, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var (places, states) = (Places(profile), new List<ModelFileState>());
        foreach (var place in places)
        {
            var state = Look(place);
            var number = states.Count + 1;
            states.Add(state.Condition is ModelFileCondition.Present
                ? state
                : await FetchAsync(place, (received, total) => progress?.Report(
                    new FetchProgress(place.Model.Id, place.File.Path, number, places.Count, received, total ?? place.File.Size)), cancellationToken));
        }
        return states;
    }

    /// <summary>Copies what is missing of a profile from a folder: found as MODEL/PATH or PATH, or by its name or length where the hash is known.</summary>
    /// <returns>Every file of the profile; what the folder does not have stays <see cref="ModelFileCondition.Missing"/>.</returns>
    /// <exception cref="ModelStoreException">A file found by its place is not the one the manifest means.</exception>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> ImportAsync(string profile, string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new ModelStoreException($"{folder} is no folder.");
        var (places, states) = (Places(profile), new List<ModelFileState>());
        foreach (var place in places)
        {
            var state = Look(place);
            var expected = _trusted.ExpectedFor(place.Model.Id, place.File);
            if (state.Condition != ModelFileCondition.Present && !place.IsForeign
                && await ImportSearch.FindAsync(folder, place, places, expected, cancellationToken) is { } found)
            {
                var part = PartOf(place);
                File.Copy(found, part, overwrite: true);
                state = await SettleAsync(place, part, cancellationToken);
            }
            states.Add(state);
        }
        return states;
    }

    private async Task<ModelFileState> FetchAsync(ModelFilePlace place, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        if (place.IsForeign || place.File.Address is not { } address)
        {
            return place.File.Optional ? Look(place) : throw new ModelStoreException(
                $"{place.FullPath} is missing and is not fetched: the manifest {(place.IsForeign ? "only finds it in that folder" : "gives no address for it")}.");
        }
        var part = PartOf(place);
        var client = http.CreateClient(HttpClientName);
        if (await new FileDownload(client, clock, FirstPause).RunAsync(address, part, progress, cancellationToken))
            return await SettleAsync(place, part, cancellationToken);
        return place.File.Optional ? Look(place) : throw new ModelStoreException($"{address} does not exist (404).");
    }

    /// <summary>Checks a complete file and gives it its name; from then on it counts as there.</summary>
    private async Task<ModelFileState> SettleAsync(ModelFilePlace place, string part, CancellationToken cancellationToken)
    {
        var (hash, size) = (await HashAsync(part, cancellationToken), new FileInfo(part).Length);
        var expected = _trusted.ExpectedFor(place.Model.Id, place.File);
        if (expected.Length > 0 && hash != expected || place.File.Size is { } length && length != size)
        {
            FileDownload.Forget(part);
            throw new ModelStoreException($"{place.Model.Id}/{place.File.Path} is not the file the manifest means and was thrown away: "
                + $"its sha256 is {hash} and it has {size} bytes; expected {(expected.Length > 0 ? expected : "any hash")} and {place.File.Size?.ToString() ?? "any number of"} bytes.");
        }
        if (expected.Length == 0)
            _trusted.Trust(place.Model.Id, place.File, hash, clock.GetUtcNow());
        File.Move(part, place.FullPath, overwrite: true);
        FileDownload.Forget(part);
        return new ModelFileState(place.Role, place.Model.Id, place.File, place.FullPath,
            expected.Length == 0 ? ModelFileCondition.AddedAndTrusted : ModelFileCondition.Added, size, hash);
    }

    private IReadOnlyList<ModelFilePlace> Places(string profile)
    {
        var chosen = manifest.Profile(profile);
        return [.. chosen.Models.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Files.Select(file => new ModelFilePlace(
            pair.Key, pair.Value, file, folders.Resolve(chosen, pair.Key).PathOf(file.Path), folders.IsForeign(pair.Value))))];
    }

    private static ModelFileState Look(ModelFilePlace place)
    {
        var file = new FileInfo(place.FullPath);
        var condition = !file.Exists ? place.File.Optional ? ModelFileCondition.NotNeeded : ModelFileCondition.Missing
            : place.File.Size is { } size && size != file.Length ? ModelFileCondition.WrongSize
            : ModelFileCondition.Present;
        return new ModelFileState(place.Role, place.Model.Id, place.File, place.FullPath, condition, file.Exists ? file.Length : null, null);
    }

    private static string PartOf(ModelFilePlace place)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(place.FullPath)!);
        return place.FullPath + ".part";
    }

    internal static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}

/// <summary>A file of a profile with its place on this machine.</summary>
/// <param name="IsForeign">The folder belongs to someone else and is only read.</param>
internal sealed record ModelFilePlace(ModelRole Role, ManifestModel Model, ManifestFile File, string FullPath, bool IsForeign);
