using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Sources;

/// <summary>What each option finds by itself, within one set of limits.</summary>
internal sealed class FragmentSources
{
    private readonly VisualFragments visual;
    private readonly SpeechFragments speech;
    private readonly ExactSpeechFragments exactSpeech;
    private readonly ScreenTextFragments screenText;
    private readonly LogoFinder logos;
    private readonly VideoSearchOptions limits;

    private FragmentSources(Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos, Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options, int screenMeanings)
    {
        var reader = new ClipReader(db, options, samples);
        visual = new VisualFragments(reader, vectors, options);
        exactSpeech = new ExactSpeechFragments(reader, options);
        speech = new SpeechFragments(reader, vectors, exactSpeech, options);
        screenText = new ScreenTextFragments(reader, vectors, screenMeanings);
        this.logos = logos;
        limits = options.Value;
    }

    /// <summary>The best of a scope of any size.</summary>
    public static FragmentSources Best(Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos, Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options)
        => new(db, vectors, logos, samples, options, ScreenTextFragments.MeaningCandidates);

    /// <summary>Everything that fits, for scopes that are bounded themselves.</summary>
    public static FragmentSources All(Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos, Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options)
    {
        // More rows than a scope has, and few enough to be added up.
        const int Everything = 10_000_000;
        return new(db, vectors, logos, samples, Options.Create(options.Value.With(everything => everything.ExactVectors = everything.CandidateSegments = everything.Clips = Everything)), Everything);
    }

    /// <summary>What the options of a text find. Fragments that match nothing are left out, unless everything is asked for.</summary>
    public async Task<List<Fragment>> FindAsync(TextQuery query, SearchScope scope, MatchLevel threshold, CancellationToken cancellationToken)
    {
        var fragments = new List<Fragment>();
        // One after the other: they share one connection.
        foreach (var option in query.Options)
        {
            var found = await OptionAsync(option, query, scope, threshold == MatchLevel.None ? MatchLevel.None : MatchLevel.Low, cancellationToken);
            fragments.AddRange(found.Where(fragment => threshold == MatchLevel.None || IsMatch(fragment)));
        }
        return fragments;
    }

    public static bool IsMatch(Fragment fragment) => MatchLevels.Of(MatchLevels.Round(fragment.Score)) != MatchLevel.None;

    /// <summary>Everything that one option looked at, also what is worth nothing.</summary>
    public async Task<IReadOnlyList<Fragment>> WeighedAsync(string option, string text, SearchScope scope, CancellationToken cancellationToken)
        => option == IndexOptions.TextInVideo
            ? await screenText.AllAsync(scope, text, cancellationToken)
            : await OptionAsync(option, new TextQuery(text, [option]), scope, MatchLevel.None, cancellationToken);

    private async Task<IReadOnlyList<Fragment>> OptionAsync(string option, TextQuery query, SearchScope scope, MatchLevel least, CancellationToken cancellationToken) => option switch
    {
        IndexOptions.Visual => await visual.FindAsync(scope, query.Text, cancellationToken),
        IndexOptions.Conversation when query.Conversation == ConversationMatching.ExactMatch
            => await exactSpeech.FindAsync(scope, query.Text, FixedScores.Exact, cancellationToken),
        IndexOptions.Conversation => await speech.FindAsync(scope, query.Text, least, cancellationToken),
        IndexOptions.TextInVideo => await screenText.FindAsync(scope, query.Text, least, cancellationToken),
        IndexOptions.Logo => await logos.FindAsync(scope, query.Text, limits.Clips, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(option), option, null),
    };
}
