using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Collects the fragments of a batch of videos by video and search.</summary>
/// <param name="prompts">All prompts; clips store a prompt's position in this list.</param>
/// <param name="minScore">Minimum rounded score of a fragment, 0 to 100.</param>
internal sealed class HitTable(IReadOnlyList<string> prompts, double minScore)
{
    private readonly Dictionary<string, int> _promptPositions = prompts.Index().ToDictionary(prompt => prompt.Item, prompt => prompt.Index);
    private readonly Dictionary<(string Video, PromptSearch Search), List<LabelClip>> _clips = [];

    public bool IsHit(double score) => MatchLevels.Round(score) >= minScore;

    public void Add(PromptSearch search, IEnumerable<Fragment> fragments)
    {
        foreach (var fragment in fragments.Where(fragment => IsHit(fragment.Score)))
        {
            if (!_clips.TryGetValue((fragment.VideoId, search), out var list))
                _clips.Add((fragment.VideoId, search), list = []);
            list.Add(new LabelClip(fragment.Start, fragment.End, MatchLevels.Round(fragment.Score), search.Option,
                _promptPositions[search.Prompt]));
        }
    }

    public IReadOnlyList<LabelClip> Of(string videoId, LabelQuery label)
        => [.. label.Searches().Distinct().SelectMany(search => _clips.GetValueOrDefault((videoId, search)) ?? [])];
}
