using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Finds the fragments that match the prompts of a classification, for one batch of videos at a time.</summary>
internal sealed class FragmentFinder
{
    private readonly IReadOnlyList<string> _prompts;
    private readonly PictureHits? _pictures;
    private readonly IReadOnlyList<TextHits> _texts;
    private readonly SoundHits _sounds;
    private readonly ExactSpeechFragments _exact;
    private readonly IReadOnlyList<PromptSearch> _phrases;

    private readonly LogoFinder _logos;
    private readonly IReadOnlyList<PromptSearch> _brands;

    private FragmentFinder(ClassificationPlan plan, PictureHits? pictures, SoundHits sounds, IReadOnlyList<TextHits> texts,
        ExactSpeechFragments exact, LogoFinder logos)
    {
        (_prompts, _pictures, _sounds, _texts, _exact, _logos) = (plan.Query.Prompts, pictures, sounds, texts, exact, logos);
        _phrases = [.. plan.Searches.Where(search => search.Conversation == ConversationMatching.ExactMatch)];
        _brands = [.. plan.Searches.Where(search => search.Option == IndexOptions.Logo)];
    }

    /// <param name="index">Scope of the whole index, without a filter; background samples come from it.</param>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public static async Task<FragmentFinder> ForAsync(
        ClassificationPlan plan, SearchScope index, Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos,
        VideoSearchOptions limits, CancellationToken cancellationToken)
    {
        // Batches limit the work. All matching fragments are needed, because omitted ones would reduce the covered duration.
        var unlimited = Options.Create(limits.With(copy => copy.CandidateSegments = copy.Clips = int.MaxValue));
        var reader = new ClipReader(new SnapshotConnections(db), unlimited);
        var exact = new ExactSpeechFragments(reader, unlimited);
        Task<float[][]> ForText(IReadOnlyList<string> prompts) => vectors.ForTextsAsync(prompts, cancellationToken);

        var visual = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.Visual),
            prompts => vectors.ForFramesAsync(prompts, cancellationToken));
        var speech = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.Conversation), ForText);
        var screen = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.TextInVideo), ForText);
        var texts = new List<TextHits>();
        if (speech.Count > 0)
            texts.Add(
                new TextHits(SourceNames.Speech, reader, speech, vectors,
                    new SpeechFragments(reader, vectors, exact, unlimited).FindAsync));
        if (screen.Count > 0)
            texts.Add(new TextHits(SourceNames.Screen, reader, screen, vectors, new ScreenTextFragments(reader, vectors).FindAsync));
        var pictures = visual.Count > 0 ? await PictureHits.ForAsync(reader, index, visual, vectors, cancellationToken) : null;
        var sounds = await SoundHits.ForAsync(reader, visual.Searches, vectors, cancellationToken);
        return new FragmentFinder(plan, pictures, sounds, texts, exact, logos);
    }

    public async Task<HitTable> FindAsync(SearchScope scope, double minScore, CancellationToken cancellationToken)
    {
        var hits = new HitTable(_prompts, minScore);
        // Sequential, because all searches share one database connection.
        if (_pictures is not null)
            await _pictures.FindAsync(scope, hits, cancellationToken);
        await _sounds.FindAsync(scope, hits, cancellationToken);
        foreach (var text in _texts)
            await text.FindAsync(scope, hits, cancellationToken);
        foreach (var phrase in _phrases)
            hits.Add(phrase, await _exact.FindAsync(scope, phrase.Prompt, FixedScores.Exact, cancellationToken));
        foreach (var brand in _brands)
            hits.Add(brand, await _logos.FindAsync(scope, brand.Prompt, int.MaxValue, cancellationToken));
        return hits;
    }

    private static IEnumerable<PromptSearch> Semantic(ClassificationPlan plan, string option)
        => plan.Searches.Where(search => search.Option == option && search.Conversation == ConversationMatching.Semantic);
}
