using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Finds what fits the prompts of one classification, batch of videos by batch of videos.</summary>
internal sealed class FragmentFinder
{
    private readonly IReadOnlyList<string> _prompts;
    private readonly PictureHits? _pictures;
    private readonly IReadOnlyList<TextHits> _texts;
    private readonly SoundHits _sounds;
    private readonly ExactSpeechFragments _exact;
    private readonly IReadOnlyList<Asked> _phrases;

    private readonly LogoFinder _logos;
    private readonly IReadOnlyList<Asked> _brands;

    private FragmentFinder(ClassificationPlan plan, PictureHits? pictures, SoundHits sounds, IReadOnlyList<TextHits> texts,
        ExactSpeechFragments exact, LogoFinder logos)
    {
        (_prompts, _pictures, _sounds, _texts, _exact, _logos) = (plan.Query.Prompts, pictures, sounds, texts, exact, logos);
        _phrases = [.. plan.Asked.Where(asked => asked.Conversation == ConversationMatching.ExactMatch)];
        _brands = [.. plan.Asked.Where(asked => asked.Option == IndexOptions.Logo)];
    }

    /// <param name="index">All of the index.</param>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public static async Task<FragmentFinder> ForAsync(
        ClassificationPlan plan, SearchScope index, Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos,
        VideoSearchOptions limits, CancellationToken cancellationToken)
    {
        // The size of a batch bounds the work; nothing that fits may be left out, or a video would seem covered less than it is.
        var everything = Options.Create(limits.With(everything => everything.CandidateSegments = everything.Clips = int.MaxValue));
        var reader = new ClipReader(db, everything);
        var exact = new ExactSpeechFragments(reader, everything);
        Task<float[][]> ForText(IReadOnlyList<string> prompts) => vectors.ForTextsAsync(prompts, cancellationToken);

        var seen = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.Visual),
            prompts => vectors.ForFramesAsync(prompts, cancellationToken));
        var said = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.Conversation), ForText);
        var shown = await PromptVectors.OfAsync(Semantic(plan, IndexOptions.TextInVideo), ForText);
        var texts = new List<TextHits>();
        if (said.Count > 0)
            texts.Add(
                new TextHits(SourceNames.Speech, reader, said, vectors, new SpeechFragments(reader, vectors, exact, everything).FindAsync));
        if (shown.Count > 0)
            texts.Add(new TextHits(SourceNames.Screen, reader, shown, vectors, new ScreenTextFragments(reader, vectors).FindAsync));
        var pictures = seen.Count > 0 ? await PictureHits.ForAsync(reader, index, seen, vectors, cancellationToken) : null;
        var sounds = await SoundHits.ForAsync(reader, seen.Asked, vectors, cancellationToken);
        return new FragmentFinder(plan, pictures, sounds, texts, exact, logos);
    }

    public async Task<HitTable> FindAsync(SearchScope scope, double least, CancellationToken cancellationToken)
    {
        var hits = new HitTable(_prompts, least);
        // One after the other: they share one connection.
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

    private static IEnumerable<Asked> Semantic(ClassificationPlan plan, string option)
        => plan.Asked.Where(asked => asked.Option == option && asked.Conversation == ConversationMatching.Semantic);
}
