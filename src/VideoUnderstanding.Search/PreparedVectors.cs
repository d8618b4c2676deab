using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search;

/// <summary>Embeds each distinct text of a search before its SQL statements run, so that no database connection is held during
/// inference.</summary>
/// <param name="all">The vectors of all profiles.</param>
internal sealed class PreparedVectors(IQueryVectors all) : IQueryVectors
{
    private readonly IQueryVectors _all = all;
    private IQueryVectors _vectors = all;
    private readonly Dictionary<string, float[]> _frames = [], _texts = [];
    private readonly Dictionary<string, IReadOnlyList<WeightedSoundClass>> _sounds = [];

    /// <param name="profile">Profile of the index. From now on all vectors are those of this profile.</param>
    /// <exception cref="Inference.ModelUnavailableException">A required model is unavailable.</exception>
    public async Task PrepareAsync(string? profile, IEnumerable<TextQuery> queries, CancellationToken cancellationToken)
    {
        _vectors = _all.OfProfile(profile);
        _frames.Clear();
        _texts.Clear();
        _sounds.Clear();
        var textsByOption = queries.SelectMany(query => query.Options.WithModels(query.Conversation).Select(option => (option, query.Text)))
            .Distinct().ToLookup(pair => pair.option, pair => pair.Text);
        string[] visualTexts = [.. textsByOption[IndexOptions.Visual]];
        string[] semanticTexts = [.. textsByOption[IndexOptions.Conversation].Union(textsByOption[IndexOptions.TextInVideo])];
        if (visualTexts.Length > 0)
        {
            Store(_frames, visualTexts, await _vectors.ForFramesAsync(visualTexts, cancellationToken));
            Store(_sounds, visualTexts, await _vectors.SoundClassesOfAsync(visualTexts, cancellationToken));
        }
        if (semanticTexts.Length > 0)
            Store(_texts, semanticTexts, await _vectors.ForTextsAsync(semanticTexts, cancellationToken));
    }

    public async Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken)
        => _frames.TryGetValue(text, out var known) ? known : await _vectors.ForFramesAsync(text, cancellationToken);

    public async Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken)
        => _texts.TryGetValue(text, out var known) ? known : await _vectors.ForTextAsync(text, cancellationToken);

    public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
        => _vectors.ForPictureAsync(picture, cancellationToken);

    public async Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => texts.All(_sounds.ContainsKey)
            ? [.. texts.Select(text => _sounds[text])]
            : await _vectors.SoundClassesOfAsync(texts, cancellationToken);

    public ScoreMap ScoresOf(EvidenceRole role) => _vectors.ScoresOf(role);

    public Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        => _vectors.BankOfAsync(role, cancellationToken);

    private static void Store<T>(Dictionary<string, T> known, IReadOnlyList<string> texts, IReadOnlyList<T> values)
    {
        foreach (var (text, value) in texts.Zip(values))
            known[text] = value;
    }
}
