using System.Collections.Concurrent;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>Embeds queries as unit vectors, and maps their cosines to scores.</summary>
public interface IQueryVectors
{
    /// <summary>Embeds a text for comparison with frames.</summary>
    /// <exception cref="ModelUnavailableException">The visual model is unavailable.</exception>
    Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken);

    /// <summary>Embeds several texts in one call, in their order.</summary>
    /// <exception cref="ModelUnavailableException">The visual model is unavailable.</exception>
    Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForFramesAsync(text, cancellationToken)));

    /// <summary>Embeds a text for comparison with transcripts and screen text.</summary>
    /// <exception cref="ModelUnavailableException">The text model is unavailable.</exception>
    Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken);

    /// <summary>Embeds several texts in one call, in their order.</summary>
    /// <exception cref="ModelUnavailableException">The text model is unavailable.</exception>
    Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForTextAsync(text, cancellationToken)));

    /// <summary>Embeds a picture for comparison with frames and frame regions.</summary>
    /// <exception cref="ModelUnavailableException">The visual model is unavailable.</exception>
    Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken);

    /// <summary>Returns the sound classes to which each text refers, in order of the texts. The list is empty for a text without a sound,
    /// and for a profile without a sound model.</summary>
    /// <exception cref="ModelUnavailableException">The files of the sound model are missing.</exception>
    Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>>([.. texts.Select(_ => Array.Empty<WeightedSoundClass>())]);

    /// <summary>Returns the vectors of another profile, for an index whose models were switched.</summary>
    /// <param name="profile">Null: the profile of the installation.</param>
    /// <exception cref="ModelUnavailableException">The manifest has no such profile.</exception>
    IQueryVectors OfProfile(string? profile) => this;

    /// <summary>Name of the visual model; empty if the profile has none. Vectors of logos are stored by it.</summary>
    string VisualModel => "";

    /// <summary>Measured minimum cosine, 0 to 1, between a frame region and a logo; null if it was not measured.</summary>
    double? LogoSimilarity => null;

    /// <summary>Returns the map from evidence to score of a role.</summary>
    ScoreMap ScoresOf(EvidenceRole role);

    /// <summary>Returns the generic captions as vectors of the role's model. Called only for roles that need a normalised score.</summary>
    /// <exception cref="ModelUnavailableException">The model is unavailable.</exception>
    async Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => new(role == EvidenceRole.Visual ? await ForFramesAsync(GenericCaptions.All, cancellationToken)
            : await ForTextsAsync(GenericCaptions.All, cancellationToken));
}

/// <summary>Embeds queries with the models of one profile.</summary>
public sealed class ModelQueryVectors : IQueryVectors
{
    private readonly ModelSets _sets;
    private readonly ProfileModels _profile;
    private readonly bool _waitsForLoading;
    private readonly CaptionBankCache _frameBank;
    private readonly CaptionBankCache _textBank;
    private readonly ConcurrentDictionary<ProfileModels, ModelQueryVectors> _others = [];

    /// <summary>Uses the profile of the installation.</summary>
    /// <param name="waitsForLoading">If false, a model that is still loading is reported as unavailable.</param>
    public ModelQueryVectors(ModelSets sets, bool waitsForLoading = true) : this(sets, sets.Default, waitsForLoading)
    {
    }

    private ModelQueryVectors(ModelSets sets, ProfileModels profile, bool waitsForLoading)
    {
        (_sets, _profile, _waitsForLoading) = (sets, profile, waitsForLoading);
        _frameBank = new CaptionBankCache((captions, cancellationToken)
            => profile.Models.Visual.EmbedTextsAsync(captions, cancellationToken));
        _textBank = new CaptionBankCache((captions, cancellationToken)
            => profile.Models.Text.EmbedQueriesAsync(captions, cancellationToken));
    }

    /// <summary>Models of other profiles are waited for: a search must not fail because its index has just been switched.</summary>
    public IQueryVectors OfProfile(string? profile)
        => _sets.Of(profile) is var other && other == _sets.Default
            ? this
            : _others.GetOrAdd(other, key => new ModelQueryVectors(_sets, key, waitsForLoading: true));

    public string VisualModel => _profile.Models.Role(ModelRole.VisualText)?.ModelId ?? "";

    public double? LogoSimilarity => _profile.Models.Role(ModelRole.VisualText)?.Model.LogoSimilarity;

    public async Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken)
        => (await ForFramesAsync([text], cancellationToken))[0];

    public async Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => await (await LoadedAsync(ModelRole.VisualText, cancellationToken)).Visual.EmbedTextsAsync(texts, cancellationToken);

    public async Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => await (await LoadedAsync(ModelRole.TextEmbedding, cancellationToken)).Text.EmbedQueriesAsync(texts, cancellationToken);

    public async Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => (await (await LoadedAsync(ModelRole.VisualText, cancellationToken)).Visual.EmbedFramesAsync([picture], cancellationToken))[0];

    public async Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken)
        => await (await LoadedAsync(ModelRole.TextEmbedding, cancellationToken)).Text.EmbedQueryAsync(text, cancellationToken);

    public async Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (!_profile.Models.Has(ModelRole.Sound))
            return [.. texts.Select(_ => Array.Empty<WeightedSoundClass>())];
        var names = (await LoadedAsync(ModelRole.Sound, cancellationToken)).SoundNames;
        return [
            .. texts.Zip(await names.CosinesAsync(texts, cancellationToken),
                (text, cosines) => SoundIntent.Of(text, cosines, names.Classes))];
    }

    public ScoreMap ScoresOf(EvidenceRole role) => _profile.Calibrations.MapOf(role);

    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => (role.Model() == ModelRole.VisualText ? _frameBank : _textBank).GetAsync(cancellationToken);

    private async Task<ModelSet> LoadedAsync(ModelRole role, CancellationToken cancellationToken)
    {
        if (_waitsForLoading)
            await _profile.Models.LoadAsync(role).WaitAsync(cancellationToken);
        else
            _profile.Models.RequireLoaded(role);
        return _profile.Models;
    }
}
