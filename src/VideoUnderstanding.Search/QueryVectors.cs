using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.Inference.Visual;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>What is looked for as vectors, and what their cosines mean.</summary>
public interface IQueryVectors
{
    /// <summary>A unit vector to compare with frames.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken);

    /// <summary>The same for several texts at once, in their order.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[][]> ForFramesAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForFramesAsync(text, cancellationToken)));

    /// <summary>A unit vector to compare with spoken and shown text.</summary>
    /// <exception cref="ModelUnavailableException">There is no text model.</exception>
    Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken);

    /// <summary>The same for several texts at once, in their order.</summary>
    /// <exception cref="ModelUnavailableException">There is no text model.</exception>
    Task<float[][]> ForTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.WhenAll(texts.Select(text => ForTextAsync(text, cancellationToken)));

    /// <summary>A picture as a unit vector, to compare with frames and their parts.</summary>
    /// <exception cref="ModelUnavailableException">There is no visual model.</exception>
    Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken);

    /// <summary>The classes of sound that texts ask for, by text; none for texts that ask for no sound, and none at all without a sound
    /// model in the profile.</summary>
    /// <exception cref="ModelUnavailableException">The files of the sound model are missing.</exception>
    Task<IReadOnlyList<IReadOnlyList<AskedSound>>> SoundsOfAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<IReadOnlyList<AskedSound>>>([.. texts.Select(_ => Array.Empty<AskedSound>())]);

    /// <summary>What matches of a role are worth.</summary>
    ScoreMap ScoresOf(EvidenceRole role);

    /// <summary>The generic captions as vectors of the role's model. Called only for roles whose scores need a standing.</summary>
    /// <exception cref="ModelUnavailableException">There is no such model.</exception>
    async Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => new(role == EvidenceRole.Visual ? await ForFramesAsync(GenericCaptions.All, cancellationToken)
            : await ForTextsAsync(GenericCaptions.All, cancellationToken));
}

/// <summary>The vectors of the configured models.</summary>
/// <param name="waits">False: a model that is still being loaded is reported as unavailable for the moment, so that no thread of a request
/// waits for it.</param>
public sealed class ModelQueryVectors(ModelSet models, Calibrations calibrations, bool waits = true) : IQueryVectors
{
    private readonly BankCache _frameBank = new(
        (captions, cancellationToken) => models.Visual.EmbedTextsAsync(captions, cancellationToken));
    private readonly BankCache _textBank = new((captions, cancellationToken) => models.Text.EmbedQueriesAsync(captions, cancellationToken));

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

    public async Task<IReadOnlyList<IReadOnlyList<AskedSound>>> SoundsOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (!models.Has(ModelRole.Sound))
            return [.. texts.Select(_ => Array.Empty<AskedSound>())];
        var names = Loaded(ModelRole.Sound).SoundNames;
        return [
            .. texts.Zip(await names.CosinesAsync(texts, cancellationToken),
                (text, cosines) => SoundQuestion.Of(text, cosines, names.Classes))];
    }

    public ScoreMap ScoresOf(EvidenceRole role) => calibrations.MapOf(role);

    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => (role.Model() == ModelRole.VisualText ? _frameBank : _textBank).GetAsync(cancellationToken);

    private ModelSet Loaded(ModelRole role)
    {
        if (!waits)
            models.RequireLoaded(role);
        return models;
    }
}
