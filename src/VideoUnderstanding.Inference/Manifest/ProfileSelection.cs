namespace VideoUnderstanding.Inference.Manifest;

/// <summary>The chosen profile.</summary>
/// <param name="Reason">A sentence for the log.</param>
/// <param name="IsComplete">False if a file is missing. The roles concerned are then unavailable.</param>
public sealed record ProfileChoice(ManifestProfile Profile, string Reason, bool IsComplete);

/// <summary>Chooses the profile whose models are used. A configured profile is used unchanged. <c>auto</c> uses the profile that made the
/// vectors in the database; for an empty database, the profile of the highest rank whose files are present, or that of the lowest rank if
/// none is complete.</summary>
/// <param name="isGpuExpected">Whether models are expected to run on a GPU. Called with the configured device.</param>
public sealed class ProfileSelection(
    ModelOptions options, ModelManifest manifest, ModelFolders folders, Func<ModelDevice, bool> isGpuExpected)
{
    private readonly Lock _lock = new();
    private ProfileChoice? _current;
    private bool _isUsed;

    /// <summary>The last choice. Without one: the choice for an empty database. From then on the profile is fixed.</summary>
    public ProfileChoice Current
    {
        get
        {
            lock (_lock)
            {
                _isUsed = true;
                return _current ??= Decide(null, null);
            }
        }
    }

    /// <summary>The profile that a download without a named profile gets: the configured one, or the best one that runs well on a
    /// CPU.</summary>
    /// <exception cref="ManifestException">There is no such profile.</exception>
    public ManifestProfile ToFetch => options.IsAutoProfile
        ? manifest.Ranked().FirstOrDefault(profile => !profile.NeedsGpu) ?? manifest.Ranked()[^1]
        : manifest.Profile(options.Profile);

    /// <summary>Chooses for a database. Call before any model is used.</summary>
    /// <param name="visualModel">Id of the model whose picture vectors the database holds; null if it holds none.</param>
    /// <param name="textModel">The same for text vectors.</param>
    /// <exception cref="InvalidOperationException">Models of another profile are in use already.</exception>
    public ProfileChoice Choose(string? visualModel, string? textModel)
    {
        lock (_lock)
        {
            var choice = Decide(visualModel, textModel);
            if (_isUsed && _current?.Profile.Name != choice.Profile.Name)
                throw new InvalidOperationException(
                    $"The profile {_current?.Profile.Name} is in use already, so {choice.Profile.Name} cannot be chosen.");
            return _current = choice;
        }
    }

    private ProfileChoice Decide(string? visualModel, string? textModel)
    {
        if (!options.IsAutoProfile)
            return Choice(manifest.Profile(options.Profile), "It is configured.");
        if ((visualModel ?? textModel) is null)
            return BestPresent();
        var matching = manifest.Profiles.Values
            .Where(profile => HasModel(profile, ModelRole.VisualText, visualModel) && HasModel(profile, ModelRole.TextEmbedding, textModel))
            .OrderByDescending(IsComplete).ThenByDescending(profile => profile.Rank ?? int.MinValue).ToList();
        if (matching is [])
            return BestPresent() with { Reason = $"No profile of {manifest.Path} has the models that made the vectors in the database "
                + $"({string.Join(", ", new[] { visualModel, textModel }.OfType<string>())})." };
        return Choice(matching[0], "Its models made the vectors in the database.");
    }

    /// <summary>The profile of the highest rank whose files are all present and that runs well on this machine; null if none is
    /// complete.</summary>
    public ManifestProfile? BestInstalled => manifest.Profiles.Values.Where(profile => profile.Rank is not null)
        .OrderByDescending(profile => profile.Rank)
        .FirstOrDefault(profile => IsComplete(profile) && (!profile.NeedsGpu || isGpuExpected(options.Device)));

    private ProfileChoice BestPresent()
        => BestInstalled is { } best
            ? Choice(best, "It is the best profile whose files are present.")
            : Choice(manifest.Ranked()[^1], "No profile is complete.");

    private ProfileChoice Choice(ManifestProfile profile, string reason) => new(profile, reason, IsComplete(profile));

    private bool IsComplete(ManifestProfile profile)
        => profile.Models.Keys.All(role => folders.Resolve(profile, role).MissingFiles().Count == 0);

    private static bool HasModel(ManifestProfile profile, ModelRole role, string? model) =>
        model is null || (profile.Models.TryGetValue(role, out var found) && found.Id == model);
}
