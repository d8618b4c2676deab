using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Fragments of some videos by what they fit.</summary>
/// <param name="prompts">The texts that clips name by their place.</param>
/// <param name="least">Lowest score of a fragment that counts, as it is sent.</param>
internal sealed class HitTable(IReadOnlyList<string> prompts, double least)
{
    private readonly Dictionary<string, int> _places = prompts.Index().ToDictionary(prompt => prompt.Item, prompt => prompt.Index);
    private readonly Dictionary<(string Video, Asked Asked), List<LabelClip>> _clips = [];

    public bool Counts(double score) => MatchLevels.Round(score) >= least;

    public void Add(Asked asked, IEnumerable<Fragment> fragments)
    {
        foreach (var fragment in fragments.Where(fragment => Counts(fragment.Score)))
        {
            if (!_clips.TryGetValue((fragment.VideoId, asked), out var list))
                _clips.Add((fragment.VideoId, asked), list = []);
            list.Add(new LabelClip(fragment.Start, fragment.End, MatchLevels.Round(fragment.Score), asked.Option, _places[asked.Prompt]));
        }
    }

    public IReadOnlyList<LabelClip> Of(string videoId, LabelQuery label)
        => [.. label.Asked().Distinct().SelectMany(asked => _clips.GetValueOrDefault((videoId, asked)) ?? [])];
}
