using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search;

/// <summary>Finds the parts of an index's videos that answer a query.</summary>
public sealed class VideoSearch
{
    private readonly VisualFragments visual;
    private readonly SpeechFragments speech;
    private readonly ExactSpeechFragments exactSpeech;
    private readonly ScreenTextFragments screenText;
    private readonly LogoFinder logos;
    private readonly VideoSearchOptions limits;

    public VideoSearch(Data.VideoDbContext db, IQueryVectors vectors, LogoFinder logos, Confidence.IndexSamples samples, IOptions<VideoSearchOptions> options)
    {
        var reader = new ClipReader(db, options, samples);
        visual = new VisualFragments(reader, vectors, options);
        exactSpeech = new ExactSpeechFragments(reader, options);
        speech = new SpeechFragments(reader, vectors, exactSpeech, options);
        screenText = new ScreenTextFragments(reader, vectors);
        this.logos = logos;
        limits = options.Value;
    }

    /// <returns>The clips at or above the query's threshold, the best first; of more than the settings allow, the best.</returns>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public async Task<IReadOnlyList<ClipMatch>> FindAsync(SearchQuery query, CancellationToken cancellationToken)
    {
        var fragments = await FragmentsAsync(query.Query, query.Scope, query.Threshold, cancellationToken);
        return Kept(ClipMerging.Merge(fragments, query.Operator, query.Query.Options), query.Threshold);
    }

    /// <summary>The same for several texts joined by operators. CONTRACT, section 8.</summary>
    /// <exception cref="Inference.ModelUnavailableException">A model that an option needs is missing.</exception>
    public async Task<IReadOnlyList<ClipMatch>> FindAsync(CombinedSearchQuery query, CancellationToken cancellationToken)
    {
        var leaves = new Dictionary<TextQuery, IReadOnlyList<ClipMatch>>(ReferenceEqualityComparer.Instance);
        // One after the other: they share one connection.
        foreach (var leaf in query.Query.Leaves())
            leaves[leaf] = ClipMerging.Merge(await FragmentsAsync(leaf, query.Scope, MatchLevel.Low, cancellationToken), query.Operator, leaf.Options);
        return Kept(CombinedEvaluation.Evaluate(query.Query, leaves), query.Threshold);
    }

    /// <summary>What the models by themselves find for one option, with the evidence for each fragment: what scores are calibrated with.</summary>
    /// <param name="option">One of <see cref="IndexOptions"/>, without the logos.</param>
    /// <exception cref="Inference.ModelUnavailableException">A model that the option needs is missing.</exception>
    public async Task<IReadOnlyList<Fragment>> EvidenceAsync(string indexId, string text, string option, CancellationToken cancellationToken)
    {
        var scope = new SearchScope(indexId, Filters.VideoFilter.None);
        var found = option == IndexOptions.TextInVideo
            ? await screenText.AllAsync(scope, text, cancellationToken)
            : await OptionAsync(option, new TextQuery(text, [option]), scope, cancellationToken);
        return [.. found.Where(fragment => fragment.Evidence is not null)];
    }

    /// <summary>What each option finds by itself. Fragments that match nothing are left out, unless everything is asked for.</summary>
    private async Task<List<Fragment>> FragmentsAsync(TextQuery query, SearchScope scope, MatchLevel threshold, CancellationToken cancellationToken)
    {
        var fragments = new List<Fragment>();
        foreach (var option in query.Options)
        {
            var found = await OptionAsync(option, query, scope, cancellationToken);
            fragments.AddRange(found.Where(fragment => threshold == MatchLevel.None || MatchLevels.Of(MatchLevels.Round(fragment.Score)) != MatchLevel.None));
        }
        return fragments;
    }

    private async Task<IReadOnlyList<Fragment>> OptionAsync(string option, TextQuery query, SearchScope scope, CancellationToken cancellationToken) => option switch
    {
        IndexOptions.Visual => await visual.FindAsync(scope, query.Text, cancellationToken),
        IndexOptions.Conversation when query.Conversation == ConversationMatching.ExactMatch
            => await exactSpeech.FindAsync(scope, query.Text, FixedScores.Exact, cancellationToken),
        IndexOptions.Conversation => await speech.FindAsync(scope, query.Text, cancellationToken),
        IndexOptions.TextInVideo => await screenText.FindAsync(scope, query.Text, cancellationToken),
        IndexOptions.Logo => await logos.FindAsync(scope, query.Text, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(option), option, null),
    };

    private List<ClipMatch> Kept(IEnumerable<ClipMatch> clips, MatchLevel threshold)
        => [.. clips.Where(clip => MatchLevels.Of(clip.Score) >= threshold).Take(limits.Clips)];
}
