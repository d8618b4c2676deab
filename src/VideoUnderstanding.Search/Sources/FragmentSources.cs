using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Runs the search of each option, within one set of limits.</summary>
internal sealed class FragmentSources
{
    private readonly VisualFragments _visual;
    private readonly SoundFragments _sound;
    private readonly SpeechFragments _speech;
    private readonly ExactSpeechFragments _exactSpeech;
    private readonly ScreenTextFragments _screenText;
    private readonly LogoFinder _logos;
    private readonly VideoSearchOptions _limits;

    private FragmentSources(SnapshotConnections connections, IQueryVectors vectors, LogoFinder logos,
        Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options, int semanticCandidates)
    {
        var reader = new ClipReader(connections, options, samples);
        _visual = new VisualFragments(reader, vectors, options);
        _sound = new SoundFragments(reader, vectors);
        _exactSpeech = new ExactSpeechFragments(reader, options);
        _speech = new SpeechFragments(reader, vectors, _exactSpeech, options);
        _screenText = new ScreenTextFragments(reader, vectors, semanticCandidates);
        _logos = logos;
        _limits = options.Value;
    }

    /// <summary>Returns the best matches, for scopes of any size.</summary>
    public static FragmentSources Best(SnapshotConnections connections, IQueryVectors vectors, LogoFinder logos,
        Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options)
        => new(connections, vectors, logos, samples, options, ScreenTextFragments.DefaultSemanticCandidates);

    /// <summary>Returns all matches, for scopes with a bounded number of rows.</summary>
    public static FragmentSources All(SnapshotConnections connections, IQueryVectors vectors, LogoFinder logos,
        Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options)
    {
        // More rows than any scope has, and small enough to be multiplied without overflow.
        const int Unlimited = 10_000_000;
        return new(connections, vectors, logos, samples,
            Options.Create(
                options.Value.With(copy =>
            {
                copy.ComparesAll = true;
                copy.CandidateSegments = copy.Clips = Unlimited;
            })),
            Unlimited);
    }

    /// <summary>Finds the fragments of all options of a text. Non-matching fragments are omitted unless the threshold is
    /// <see cref="MatchLevel.None"/>.</summary>
    public async Task<List<Fragment>> FindAsync(
        TextQuery query, SearchScope scope, MatchLevel threshold, CancellationToken cancellationToken)
    {
        var minLevel = threshold == MatchLevel.None ? MatchLevel.None : MatchLevel.Low;
        var found = await Task.WhenAll(query.Options.Where(option => option != IndexOptions.Logo)
            .Select(option => OptionAsync(option, query, scope, minLevel, cancellationToken)));
        // Last, because logos are read by the context of the search, which other statements use meanwhile.
        IReadOnlyList<Fragment> logos = query.Options.Contains(IndexOptions.Logo)
            ? await _logos.FindAsync(scope, query.Text, _limits.Clips, cancellationToken) : [];
        return [.. found.SelectMany(fragments => fragments).Concat(logos)
            .Where(fragment => threshold == MatchLevel.None || IsMatch(fragment))];
    }

    public static bool IsMatch(Fragment fragment) => MatchLevels.Of(MatchLevels.Round(fragment.Score)) != MatchLevel.None;

    /// <summary>Returns all fragments that a role's model compared, including non-matching ones.</summary>
    public async Task<IReadOnlyList<Fragment>> ScoredAsync(
        EvidenceRole role, string text, SearchScope scope, CancellationToken cancellationToken) => role switch
        {
            EvidenceRole.Visual => await _visual.FindAsync(scope, text, cancellationToken),
            EvidenceRole.Sound => await _sound.FindAsync(scope, text, _limits.Clips, cancellationToken),
            EvidenceRole.Speech => await _speech.FindAsync(scope, text, MatchLevel.None, cancellationToken),
            EvidenceRole.ScreenText => await _screenText.AllAsync(scope, text, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(role), role, null),
        };

    /// <summary>Returns the scores of the option visual around each hit: those of the frames or, where they are higher, of the
    /// sounds.</summary>
    public async Task<IReadOnlyList<HitCurve>> CurvesAsync(
        string text, SearchScope scope, IReadOnlyList<HitRange> hits, CancellationToken cancellationToken)
    {
        var windows = hits.Select(CurveWindow.Around).ToList();
        var frames = await _visual.CurvesAsync(scope, text, windows, cancellationToken);
        var sounds = (await _sound.FindAsync(scope, text, _limits.Clips, cancellationToken)).ToLookup(sound => sound.VideoId);
        return [.. windows.Zip(frames, (window, scores) => HitCurve.Of(window, scores, sounds[window.VideoId]))];
    }

    private async Task<IReadOnlyList<Fragment>> OptionAsync(
        string option, TextQuery query, SearchScope scope, MatchLevel minLevel, CancellationToken cancellationToken) => option switch
        {
            IndexOptions.Visual => await VisualAsync(scope, query.Text, cancellationToken),
            IndexOptions.Conversation when query.Conversation == ConversationMatching.ExactMatch
                => await _exactSpeech.FindAsync(scope, query.Text, FixedScores.Exact, cancellationToken),
            IndexOptions.Conversation => await _speech.FindAsync(scope, query.Text, minLevel, cancellationToken),
            IndexOptions.TextInVideo => await _screenText.FindAsync(scope, query.Text, minLevel, cancellationToken),
            _ => throw new ArgumentOutOfRangeException(nameof(option), option, null),
        };

    /// <summary>Finds visual moments and, if the text refers to a sound, sound moments.</summary>
    private async Task<IReadOnlyList<Fragment>> VisualAsync(SearchScope scope, string text, CancellationToken cancellationToken)
    {
        var pictures = _visual.FindAsync(scope, text, cancellationToken);
        var sounds = _sound.FindAsync(scope, text, _limits.Clips, cancellationToken);
        await Task.WhenAll(pictures, sounds);
        return (await sounds).Count == 0 ? await pictures : NonMaximumSuppression.Apply([.. await pictures, .. await sounds]);
    }
}
