using VideoUnderstanding.Search.Sound;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Finds sound moments that match prompts of the option visual. Prompts that do not refer to a sound are skipped.</summary>
internal sealed class SoundHits
{
    private readonly SoundFragments _fragments;
    private readonly IReadOnlyList<(PromptSearch Search, IReadOnlyList<WeightedSoundClass> Sounds)> _prompts;

    private SoundHits(SoundFragments fragments, IReadOnlyList<(PromptSearch Search, IReadOnlyList<WeightedSoundClass> Sounds)> prompts)
        => (_fragments, _prompts) = (fragments, prompts);

    /// <param name="searches">Prompts of the option visual.</param>
    public static async Task<SoundHits> ForAsync(ClipReader reader, IReadOnlyList<PromptSearch> searches, IQueryVectors vectors,
        CancellationToken cancellationToken)
    {
        var sounds = searches.Count == 0 ? []
            : await vectors.SoundClassesOfAsync([.. searches.Select(search => search.Prompt)], cancellationToken);
        return new SoundHits(new SoundFragments(reader, vectors), [.. searches.Zip(sounds).Where(pair => pair.Second.Count > 0)]);
    }

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        foreach (var (search, sounds) in _prompts)
            hits.Add(search, await _fragments.FindAsync(scope, sounds, int.MaxValue, cancellationToken));
    }
}
