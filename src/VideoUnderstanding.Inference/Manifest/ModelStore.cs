using System.Security.Cryptography;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The model files of this machine: lists, downloads, imports and verifies them.</summary>
public sealed class ModelStore(ModelManifest manifest, ModelFolders folders, IHttpClientFactory http, TimeProvider clock)
{
    /// <summary>Name of the HTTP client that fetches model files.</summary>
    public const string HttpClientName = "models";

    private readonly TrustedHashes _trusted = new(folders.ModelsFolder);

    /// <summary>Names of the profiles.</summary>
    public IReadOnlyCollection<string> Profiles => [.. manifest.Profiles.Keys];

    /// <summary>Every file of a profile and whether it is present. Fast: computes no hashes.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public IReadOnlyList<ModelFileState> List(string profile) => [.. Places(profile).Select(StateOf)];

    /// <summary>Computes the hash of every file of a profile.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> VerifyAsync(string profile, CancellationToken cancellationToken)
    {
        var states = new List<ModelFileState>();
        foreach (var place in Places(profile))
        {
            var state = StateOf(place);
            if (state.Condition == ModelFileCondition.Present)
            {
                var (hash, expected) = (await HashAsync(place.FullPath, cancellationToken),
                    _trusted.ExpectedFor(place.Model.Id, place.File));
                state = state with
                {
                    Sha256 = hash,
                    Condition = expected.Length == 0 ? ModelFileCondition.NoHashKnown : expected == hash ? ModelFileCondition.Verified
                        : ModelFileCondition.WrongHash,
                };
            }
            states.Add(state);
        }
        return states;
    }

    /// <summary>Accepts the present files of a profile whose hash is unknown: their hashes are recorded.</summary>
    /// <returns>Every file of the profile; those that this call accepted are <see cref="ModelFileCondition.AddedAndTrusted"/>.</returns>
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

    /// <summary>Bytes of a profile that are still to be downloaded, less those of interrupted downloads. Files of unknown size count as
    /// 0.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public long BytesToFetch(string profile) => ToFetch(Places(profile)).Sum(place => RemainingBytes(place));

    /// <summary>Downloads the missing files of a profile. May be stopped and started again at any time.</summary>
    /// <returns>Every file of the profile; downloaded files are <see cref="ModelFileCondition.Added"/> or
    /// <see cref="ModelFileCondition.AddedAndTrusted"/>.</returns>
    /// <exception cref="ModelStoreException">A file cannot be downloaded, differs from the manifest, or the disk has too little
    /// room.</exception>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> FetchAsync(
        string profile, DownloadLimits limits, IProgress<FetchProgress>? progress, CancellationToken cancellationToken)
    {
        var (places, states) = (Places(profile), new List<ModelFileState>());
        RequireSpace(ToFetch(places).Sum(RemainingBytes));
        for (var i = 0; i < places.Count; i++)
        {
            var (place, number) = (places[i], i + 1);
            var later = ToFetch(places.Skip(number)).Sum(RemainingBytes);
            var state = StateOf(place);
            states.Add(state.Condition is ModelFileCondition.Present ? state : await FetchAsync(place, limits, Report, cancellationToken));

            void Report(long received, long? total)
                => progress?.Report(new FetchProgress(place.Model.Id, place.File.Path, number, places.Count,
                    received, total ?? place.File.Size, later + Math.Max(0, (total ?? place.File.Size ?? received) - received)));
        }
        return states;
    }

    /// <summary>Copies the missing files of a profile from a folder. A file is found as MODEL/PATH or PATH, or by name or length if its
    /// hash is known.</summary>
    /// <returns>Every file of the profile; a file that the folder does not contain stays
    /// <see cref="ModelFileCondition.Missing"/>.</returns>
    /// <exception cref="ModelStoreException">A file found by its place differs from the manifest.</exception>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public async Task<IReadOnlyList<ModelFileState>> ImportAsync(string profile, string folder, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
            throw new ModelStoreException($"{folder} is not a folder.");
        var (places, states) = (Places(profile), new List<ModelFileState>());
        foreach (var place in places)
        {
            var state = StateOf(place);
            var expected = _trusted.ExpectedFor(place.Model.Id, place.File);
            if (state.Condition != ModelFileCondition.Present && !place.IsForeign
                && await ImportSearch.FindAsync(folder, place, places, expected, cancellationToken) is { } found)
            {
                var part = PartOf(place);
                Directory.CreateDirectory(Path.GetDirectoryName(part)!);
                File.Copy(found, part, overwrite: true);
                state = await VerifyAndMoveAsync(place, part, cancellationToken);
            }
            states.Add(state);
        }
        return states;
    }

    private async Task<ModelFileState> FetchAsync(
        ModelFilePlace place, DownloadLimits limits, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        if (place.IsForeign || place.File.Address is not { } address)
        {
            return place.File.Optional ? StateOf(place)
                : throw new ModelStoreException($"{place.FullPath} is missing and cannot be downloaded: "
                    + (place.IsForeign ? "files of that folder are only read." : "the manifest gives no address for it."));
        }
        var part = PartOf(place);
        Directory.CreateDirectory(Path.GetDirectoryName(part)!);
        var client = http.CreateClient(HttpClientName);
        if (await new FileDownload(client, clock, limits).RunAsync(address, part, place.File.Size, progress, cancellationToken))
            return await VerifyAndMoveAsync(place, part, cancellationToken);
        return place.File.Optional ? StateOf(place) : throw new ModelStoreException($"{address} does not exist (404).");
    }

    private static IEnumerable<ModelFilePlace> ToFetch(IEnumerable<ModelFilePlace> places) =>
        places.Where(place => !place.IsForeign && place.File is { Address: not null, Optional: false }
            && StateOf(place).Condition != ModelFileCondition.Present);

    private static long RemainingBytes(ModelFilePlace place) => Math.Max(0, (place.File.Size ?? 0) - FileDownload.LengthOf(PartOf(place)));

    /// <summary>Refuses a download that does not fit on the disk, before the first byte.</summary>
    private void RequireSpace(long bytes)
    {
        if (bytes == 0)
            return;
        Directory.CreateDirectory(folders.ModelsFolder);
        var free = new DriveInfo(folders.ModelsFolder).AvailableFreeSpace;
        if (free < bytes)
            throw new ModelStoreException(
                $"The models need {bytes / 1_000_000} MB in {folders.ModelsFolder}, but only {free / 1_000_000} MB are free. "
                    + $"Make room, or set {ModelOptions.Section}:Folder to a folder on another disk.");
    }

    /// <summary>Verifies a complete file and moves it to its final name.</summary>
    private async Task<ModelFileState> VerifyAndMoveAsync(ModelFilePlace place, string part, CancellationToken cancellationToken)
    {
        var (hash, size) = (await HashAsync(part, cancellationToken), new FileInfo(part).Length);
        var expected = _trusted.ExpectedFor(place.Model.Id, place.File);
        if (expected.Length > 0 && hash != expected || place.File.Size is { } length && length != size)
        {
            FileDownload.DeletePart(part);
            throw new ModelStoreException(
                $"{place.Model.Id}/{place.File.Path} is not the file that the manifest describes and was deleted: "
                    + $"its sha256 is {hash} and it has {size} bytes; expected {(expected.Length > 0 ? expected : "any hash")} and "
                    + $"{place.File.Size?.ToString() ?? "any number of"} bytes.");
        }
        if (expected.Length == 0)
            _trusted.Trust(place.Model.Id, place.File, hash, clock.GetUtcNow());
        File.Move(part, place.FullPath, overwrite: true);
        FileDownload.DeletePart(part);
        return new ModelFileState(place.Role, place.Model.Id, place.File, place.FullPath,
            expected.Length == 0 ? ModelFileCondition.AddedAndTrusted : ModelFileCondition.Added, size, hash);
    }

    private IReadOnlyList<ModelFilePlace> Places(string profile)
    {
        var chosen = manifest.Profile(profile);
        return [.. chosen.Models.OrderBy(pair => pair.Key).SelectMany(pair => pair.Value.Files.Select(file => new ModelFilePlace(
            pair.Key, pair.Value, file, folders.Resolve(chosen, pair.Key).PathOf(file.Path), folders.IsForeign(pair.Value))))];
    }

    private static ModelFileState StateOf(ModelFilePlace place)
    {
        var file = new FileInfo(place.FullPath);
        var condition = !file.Exists ? place.File.Optional ? ModelFileCondition.NotNeeded : ModelFileCondition.Missing
            : place.File.Size is { } size && size != file.Length ? ModelFileCondition.WrongSize
            : ModelFileCondition.Present;
        return new ModelFileState(place.Role, place.Model.Id, place.File, place.FullPath, condition, file.Exists ? file.Length : null,
            null);
    }

    private static string PartOf(ModelFilePlace place) => place.FullPath + ".part";

    internal static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}

/// <summary>A file of a profile with its place on this machine.</summary>
/// <param name="IsForeign">The folder is outside the models folder and is only read.</param>
internal sealed record ModelFilePlace(ModelRole Role, ManifestModel Model, ManifestFile File, string FullPath, bool IsForeign);

/// <summary>Progress of a download. Reported when a file starts, every few megabytes, and when a file ends.</summary>
/// <param name="FileNumber">Counts from 1.</param>
/// <param name="Received">Bytes of this file, including those of an earlier, interrupted download.</param>
/// <param name="Total">Bytes of this file; null if unknown.</param>
/// <param name="Remaining">Bytes of this and all later files that are still to be downloaded; files of unknown size count as 0.</param>
public sealed record FetchProgress(string ModelId, string File, int FileNumber, int FileCount, long Received, long? Total, long Remaining);

/// <summary>A model file could not be obtained. The message is a sentence for the operator.</summary>
public sealed class ModelStoreException(string message) : Exception(message);
