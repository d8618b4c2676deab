using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

/// <summary>The models of one profile and the maps of their scores.</summary>
public sealed record ProfileModels(ModelSet Models, Calibrations Calibrations);

/// <summary>The models of all profiles that indexes use. A profile's models are loaded on first use and stay loaded.</summary>
/// <param name="installation">The profile of the installation.</param>
public sealed class ModelSets(
    ProfileModels installation, ModelManifest manifest, ModelFolders folders, OnnxSessions sessions, IOptions<ModelOptions> options,
    ILogger<Calibrations> logger) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<ProfileModels>> _others = new();

    /// <summary>The profile of the installation.</summary>
    public ProfileModels Default => installation;

    /// <param name="profile">Null: the profile of the installation.</param>
    /// <exception cref="ModelUnavailableException">The manifest has no such profile.</exception>
    public ProfileModels Of(string? profile)
        => profile is null || profile == Default.Models.Profile.Name
            ? Default
            : _others.GetOrAdd(profile, name => new Lazy<ProfileModels>(() => Create(name))).Value;

    private ProfileModels Create(string profile)
    {
        if (!manifest.Profiles.TryGetValue(profile, out var found))
            throw new ModelUnavailableException(
                $"The index uses the models of the profile {profile}, which {manifest.Path} does not have. Add it to the manifest again.");
        var set = new ModelSet(found, folders, sessions, options);
        return new ProfileModels(set, new Calibrations(manifest, set, logger));
    }

    public void Dispose()
    {
        foreach (var other in _others.Values.Where(other => other.IsValueCreated))
            other.Value.Models.Dispose();
    }
}
