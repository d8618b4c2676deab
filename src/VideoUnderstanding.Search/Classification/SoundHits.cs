using VideoUnderstanding.Search.Sound;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Moments whose sound fits the prompts of the option visual. Only prompts that ask for a sound are compared.</summary>
internal sealed class SoundHits
{
    private readonly SoundFragments _fragments;
    private readonly IReadOnlyList<(Asked Asked, IReadOnlyList<AskedSound> Sounds)> _prompts;

    private SoundHits(SoundFragments fragments, IReadOnlyList<(Asked Asked, IReadOnlyList<AskedSound> Sounds)> prompts)
        => (_fragments, _prompts) = (fragments, prompts);

    /// <param name="asked">Prompts of the option visual.</param>
    public static async Task<SoundHits> ForAsync(ClipReader reader, IReadOnlyList<Asked> asked, IQueryVectors vectors,
        CancellationToken cancellationToken)
    {
        var sounds = asked.Count == 0 ? [] : await vectors.SoundsOfAsync([.. asked.Select(prompt => prompt.Prompt)], cancellationToken);
        return new SoundHits(new SoundFragments(reader, vectors), [.. asked.Zip(sounds).Where(pair => pair.Second.Count > 0)]);
    }

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        foreach (var (asked, sounds) in _prompts)
            hits.Add(asked, await _fragments.FindAsync(scope, sounds, int.MaxValue, cancellationToken));
    }
}
