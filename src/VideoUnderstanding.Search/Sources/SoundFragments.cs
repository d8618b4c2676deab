using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.Search.Sources;

/// <summary>Finds moments with a sound to which a text refers. They belong to the option visual.</summary>
internal sealed class SoundFragments(ClipReader reader, IQueryVectors vectors)
{
    /// <param name="maxFragments">Maximum moments to read, highest evidence first.</param>
    /// <returns>Empty if the text refers to no sound or the profile has no sound model.</returns>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, int maxFragments, CancellationToken cancellationToken)
        => await FindAsync(scope, (await vectors.SoundClassesOfAsync([text], cancellationToken))[0], maxFragments, cancellationToken);

    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, IReadOnlyList<WeightedSoundClass> sounds, int maxFragments,
        CancellationToken cancellationToken)
    {
        if (sounds.Count == 0)
            return [];
        var map = vectors.ScoresOf(EvidenceRole.Sound);
        var found = new List<Fragment>();
        await foreach (var hit in reader.SoundMomentsAsync(scope, sounds, maxFragments, cancellationToken))
            found.Add(FragmentOf(hit, map));
        return NonMaximumSuppression.Apply(found);
    }

    /// <summary>Rounds the times to whole seconds, as all visual fragments (CONTRACT 7.3). The ends of a moment are accurate to half a
    /// second.</summary>
    private static Fragment FragmentOf(SoundHit hit, ScoreMap map)
    {
        var start = Math.Min(Math.Round(hit.Start), Math.Ceiling(hit.End) - 1);
        return new Fragment(hit.VideoId, start, Math.Max(start + 1, Math.Round(hit.End)), IndexOptions.Visual,
            map.ScoreOf(hit.Evidence, hit.Evidence),
            Evidence: new Evidence(hit.Evidence, hit.Evidence, 0));
    }
}
