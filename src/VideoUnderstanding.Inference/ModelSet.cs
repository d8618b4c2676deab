using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Inference.Sound;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.Inference.Visual;

namespace VideoUnderstanding.Inference;

/// <summary>The models of one profile. Each is loaded once, on first use, and shared. A property blocks until its model is loaded. Requests
/// must call <see cref="RequireLoaded"/> first.</summary>
public sealed class ModelSet : IDisposable
{
    /// <summary>Seconds after which a client may repeat a request that needs a model that is being loaded.</summary>
    private const int RetrySeconds = 5;

    private readonly ManifestProfile _profile;
    private readonly ModelFolders _folders;
    private readonly Lock _loading = new();
    private readonly ModelHashes _hashes;
    private readonly ConcurrentDictionary<ModelRole, string> _hashOf = new();
    private readonly ModelSlot<VisualEmbedder> _visual;
    private readonly ModelSlot<TextEmbedder> _text;
    private readonly ModelSlot<SpeechRecognizer> _speech;
    private readonly ModelSlot<ScreenTextReader> _screenText;
    private readonly ModelSlot<OnnxSoundClassifier> _sound;
    private readonly ModelSlot<SoundNames> _soundNames;
    private bool _disposed;

    public ModelSet(ManifestProfile profile, ModelFolders folders, OnnxSessions sessions, IOptions<ModelOptions> options)
    {
        (_profile, _folders, _hashes) = (profile, folders, new ModelHashes(folders));
        ModelSlot<T> Slot<T>(ModelRole role, Func<ManifestRole, T> load) where T : class => new(() => Load(role, load));
        _visual = Slot(ModelRole.VisualText, role => VisualEmbedder.Load(role, sessions));
        _text = Slot(ModelRole.TextEmbedding, role => TextEmbedder.Load(role, sessions));
        _speech = Slot(ModelRole.Speech,
            role => SpeechRecognizer.Load(role, Role(ModelRole.VoiceActivity)!, sessions, options.Value));
        _screenText = Slot(ModelRole.ScreenText, ScreenTextReader.Load);
        _sound = Slot(ModelRole.Sound, role => OnnxSoundClassifier.Load(role, sessions));
        _soundNames = Slot(ModelRole.Sound, role => SoundNames.Load(role, sessions));
    }

    /// <summary>The profile in use; its note describes the abilities of the models.</summary>
    public ManifestProfile Profile => _profile;

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public VisualEmbedder Visual => _visual.Start().GetAwaiter().GetResult();

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public TextEmbedder Text => _text.Start().GetAwaiter().GetResult();

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public SpeechRecognizer Speech => _speech.Start().GetAwaiter().GetResult();

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public ScreenTextReader ScreenText => _screenText.Start().GetAwaiter().GetResult();

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public OnnxSoundClassifier Sound => _sound.Start().GetAwaiter().GetResult();

    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public SoundNames SoundNames => _soundNames.Start().GetAwaiter().GetResult();

    /// <summary>For requests, which do not wait for a model: starts to load what a query of the role needs, if it is not loaded.</summary>
    /// <exception cref="ModelUnavailableException">The model is being loaded, or its files are missing or do not load.</exception>
    public void RequireLoaded(ModelRole role)
    {
        if (WhyUnavailable(role) is { } why)
            throw new ModelUnavailableException(why);
        object? model = role switch
        {
            ModelRole.VisualText => _visual.Poll(),
            ModelRole.TextEmbedding => _text.Poll(),
            ModelRole.Sound => _soundNames.Poll(),
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No query needs it."),
        };
        if (model is null)
            throw new ModelUnavailableException(
                $"The {DisplayName(role)} model {Role(role)!.ModelId} is being loaded. Please try again in a few seconds.",
                isTransient: true)
            {
                RetryAfterSeconds = RetrySeconds,
            };
    }

    /// <summary>Loads what a query of the role needs, if it is not loaded, without blocking the caller's thread.</summary>
    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public Task LoadAsync(ModelRole role) => role switch
    {
        ModelRole.VisualText => _visual.Start(),
        ModelRole.TextEmbedding => _text.Start(),
        ModelRole.Sound => _soundNames.Start(),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No query needs it."),
    };

    /// <summary>Whether the profile has the role.</summary>
    public bool Has(ModelRole role) => _profile.Models.ContainsKey(role);

    /// <summary>The roles that the server needs: all, except <see cref="ModelRole.Sound"/> if the profile lacks it.</summary>
    public IReadOnlyList<ModelRole> Roles
        => field ??= [.. Enum.GetValues<ModelRole>().Where(role => role != ModelRole.Sound || Has(role))];

    /// <summary>Null if the role can be used; otherwise a sentence with the missing files and the remedy. Fast: checks files, loads
    /// nothing.</summary>
    public string? WhyUnavailable(ModelRole role)
    {
        if (Role(role) is not { } found)
            return $"The profile {_profile.Name} has no {DisplayName(role)} model. {ModelOptions.Section}:Profile chooses another profile.";
        if (found.MissingFiles() is { Count: > 0 } missing)
            return MissingMessage(found, missing);
        return role switch
        {
            ModelRole.ScreenText => ScreenTextReader.WhyUnavailable(found),
            // Speech recognition needs the voice activity model to find speech.
            ModelRole.Speech => WhyUnavailable(ModelRole.VoiceActivity),
            _ => null,
        };
    }

    /// <summary>Vector length of the role by the manifest; null if the profile lacks the role.</summary>
    public int? Dimensions(ModelRole role) => Role(role)?.Dimensions;

    /// <summary>The manifest's map from cosine to score (0 to 100) of the role.</summary>
    /// <exception cref="ManifestException">The manifest has none.</exception>
    public ScoreCurve Scores(ModelRole role) => Role(role)?.Model.Scores
        ?? throw new ManifestException($"The profile {_profile.Name} gives no scores for {ManifestReader.NameOf(role)}.");

    /// <summary>The model of a role with the location of its files; null if the profile lacks the role.</summary>
    public ManifestRole? Role(ModelRole role) => _profile.Models.ContainsKey(role) ? _folders.Resolve(_profile, role) : null;

    /// <summary>The <see cref="ModelHash"/> of the loaded model. For a model that is not loaded, it is computed from the files.</summary>
    /// <returns>Null if the profile lacks the role, or a file is missing.</returns>
    public string? HashOf(ModelRole role)
        => _hashOf.TryGetValue(role, out var loaded) ? loaded : Role(role) is { } found ? ModelHash.Compute(found) : null;

    private T Load<T>(ModelRole role, Func<ManifestRole, T> load) where T : class
    {
        // One at a time: loading takes memory and all cores.
        lock (_loading)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (WhyUnavailable(role) is { } why)
                throw new ModelUnavailableException(why);
            var files = _hashes.Require(Role(role)!);
            // Speech recognition needs the voice activity model to find speech.
            if (role == ModelRole.Speech)
                _hashes.Require(Role(ModelRole.VoiceActivity)!);
            try
            {
                var model = load(Role(role)!);
                _hashOf[role] = ModelHash.Compute(Role(role)!, files);
                return model;
            }
            catch (ManifestException error)
            {
                throw new ModelUnavailableException(
                    $"The {DisplayName(role)} model {Role(role)!.ModelId} can not be used: {error.Message}");
            }
            // Readers of vocabularies and settings throw many kinds of exceptions for a damaged file.
            catch (Exception error) when (error is not (ModelUnavailableException or OutOfMemoryException))
            {
                throw new ModelUnavailableException(
                    $"The {DisplayName(role)} model {Role(role)!.ModelId} does not load, so a file in {Role(role)!.Folder} is damaged: "
                        + $"{error.Message} `./vu models fetch` replaces it.");
            }
        }
    }

    private string MissingMessage(ManifestRole role, IReadOnlyList<string> missing)
    {
        var files = missing.Count <= 3 ? string.Join(", ", missing) : $"{string.Join(", ", missing.Take(3))} and {missing.Count - 3} more";
        var remedy = _folders.IsForeign(role.Model)
            ? $"The profile {_profile.Name} finds its files in that folder; put them there"
            : role.Model.Files.Any(file => file.Address is not null)
            ? $"Run `./vu models fetch --profile {_profile.Name}` or `./vu models import --profile {_profile.Name} DIR`"
            : $"Run `./vu models import --profile {_profile.Name} DIR`";
        return $"The {DisplayName(role.Role)} model {role.ModelId} is not installed: {files} {(missing.Count == 1 ? "is" : "are")} missing "
            + $"from {role.Folder}. {remedy}.";
    }

    private static string DisplayName(ModelRole role) => role switch
    {
        ModelRole.VisualText => "visual-text",
        _ => ManifestReader.NameOf(role).Replace('_', ' '),
    };

    public void Dispose()
    {
        lock (_loading)
        {
            _disposed = true;
            foreach (var slot in new IDisposable[] { _visual, _text, _speech, _screenText, _sound, _soundNames })
                slot.Dispose();
        }
    }
}

/// <summary>The task of a model. The manifest writes it in snake case.</summary>
public enum ModelRole
{
    VisualText,
    TextEmbedding,
    Speech,
    VoiceActivity,
    ScreenText,

    /// <summary>Classes of sound that is not speech. Optional in a profile; without it sound is neither indexed nor searched.</summary>
    Sound,
}

/// <summary>A role has no usable model. The message contains the cause and the remedy.</summary>
/// <param name="isTransient">See <see cref="IsTransient"/>.</param>
public sealed class ModelUnavailableException(string message, bool isTransient = false) : Exception(message)
{
    /// <summary>True if the failure may be temporary: the device was busy or full. A retry may help.</summary>
    public bool IsTransient { get; } = isTransient;

    /// <summary>Seconds after which a client may try again; null if that does not help.</summary>
    public int? RetryAfterSeconds { get; init; }
}
