using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.Inference.Visual;
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

    /// <summary>Returns the sound classes that each text asks for, in order of the texts. The list is empty for a text without a sound, and
    /// for a profile without a sound model.</summary>
    /// <exception cref="ModelUnavailableException">The files of the sound model are missing.</exception>
    Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>>([.. texts.Select(_ => Array.Empty<WeightedSoundClass>())]);

    /// <summary>Returns the map from evidence to score of a role.</summary>
    ScoreMap ScoresOf(EvidenceRole role);

    /// <summary>Returns the generic captions as vectors of the role's model. Called only for roles that need a normalised score.</summary>
    /// <exception cref="ModelUnavailableException">The model is unavailable.</exception>
    async Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => new(role == EvidenceRole.Visual ? await ForFramesAsync(GenericCaptions.All, cancellationToken)
            : await ForTextsAsync(GenericCaptions.All, cancellationToken));
}

/// <summary>Embeds queries with the configured models.</summary>
/// <param name="waitsForLoading">If false, a model that is still loading is reported as unavailable, so that no request thread
/// blocks.</param>
public sealed class ModelQueryVectors(ModelSet models, Calibrations calibrations, bool waitsForLoading = true) : IQueryVectors
{
    private readonly CaptionBankCache _frameBank = new(
        (captions, cancellationToken) => models.Visual.EmbedTextsAsync(captions, cancellationToken));
    private readonly CaptionBankCache _textBank = new(
        (captions, cancellationToken) => models.Text.EmbedQueriesAsync(captions, cancellationToken));

    private VisualEmbedder Visual => Loaded(ModelRole.VisualText).Visual;

    private TextEmbedder Text => Loaded(ModelRole.TextEmbedding).Text;

    public async Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken)
        => (await Visual.EmbedTextsAsync([text], cancellationToken))[0];

    public Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Visual.EmbedTextsAsync(texts, cancellationToken);

    public Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Text.EmbedQueriesAsync(texts, cancellationToken);

    public async Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => (await Visual.EmbedFramesAsync([picture], cancellationToken))[0];

    public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken)
        => Text.EmbedQueryAsync(text, cancellationToken);

    public async Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (!models.Has(ModelRole.Sound))
            return [.. texts.Select(_ => Array.Empty<WeightedSoundClass>())];
        var names = Loaded(ModelRole.Sound).SoundNames;
        return [
            .. texts.Zip(await names.CosinesAsync(texts, cancellationToken),
                (text, cosines) => SoundIntent.Of(text, cosines, names.Classes))];
    }

    public ScoreMap ScoresOf(EvidenceRole role) => calibrations.MapOf(role);

    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => (role.Model() == ModelRole.VisualText ? _frameBank : _textBank).GetAsync(cancellationToken);

    private ModelSet Loaded(ModelRole role)
    {
        if (!waitsForLoading)
            models.RequireLoaded(role);
        return models;
    }
}
