using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Moments in which a sound that a text asks for is heard. They belong to the option visual.</summary>
internal sealed class SoundFragments(ClipReader reader, IQueryVectors vectors)
{
    /// <param name="most">Moments that are read, the surest first.</param>
    /// <returns>None when the text asks for no sound, or the profile has no sound model.</returns>
    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, int most, CancellationToken cancellationToken)
        => await FindAsync(scope, (await vectors.SoundsOfAsync([text], cancellationToken))[0], most, cancellationToken);

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, IReadOnlyList<AskedSound> sounds, int most,
        CancellationToken cancellationToken)
    {
        if (sounds.Count == 0)
            return [];
        var map = vectors.ScoresOf(EvidenceRole.Sound);
        var found = new List<Fragment>();
        await foreach (var hit in reader.SoundMomentsAsync(scope, sounds, most, cancellationToken))
            found.Add(FragmentOf(hit, map));
        return SurestFragments.Of(found);
    }

    /// <summary>Visual fragments have whole seconds (CONTRACT 7.3). The ends of a moment are known to half a second, so they are
    /// rounded.</summary>
    private static Fragment FragmentOf(SoundHit hit, ScoreMap map)
    {
        var start = Math.Min(Math.Round(hit.Start), Math.Ceiling(hit.End) - 1);
        return new Fragment(hit.VideoId, start, Math.Max(start + 1, Math.Round(hit.End)), IndexOptions.Visual,
            map.ScoreOf(hit.Evidence, hit.Evidence),
            Evidence: new Evidence(hit.Evidence, hit.Evidence, 0));
    }
}
