using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Fragments of some videos by what they fit.</summary>
/// <param name="prompts">The texts that clips name by their place.</param>
/// <param name="least">Lowest score of a fragment that counts, as it is sent.</param>
internal sealed class HitTable(IReadOnlyList<string> prompts, double least)
{
    private readonly Dictionary<string, int> places = prompts.Index().ToDictionary(prompt => prompt.Item, prompt => prompt.Index);
    private readonly Dictionary<(string Video, Asked Asked), List<LabelClip>> clips = [];

    public bool Counts(double score) => MatchLevels.Round(score) >= least;

    public void Add(Asked asked, IEnumerable<Fragment> fragments)
    {
        foreach (var fragment in fragments.Where(fragment => Counts(fragment.Score)))
        {
            if (!clips.TryGetValue((fragment.VideoId, asked), out var list))
                clips.Add((fragment.VideoId, asked), list = []);
            list.Add(new LabelClip(fragment.Start, fragment.End, MatchLevels.Round(fragment.Score), asked.Option, places[asked.Prompt]));
        }
    }

    public IReadOnlyList<LabelClip> Of(string videoId, LabelQuery label)
        => [.. label.Asked().Distinct().SelectMany(asked => clips.GetValueOrDefault((videoId, asked)) ?? [])];
}
