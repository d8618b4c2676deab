using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.Classification;

/// <summary>A label and its prompts. A fragment matches the label if it matches any prompt.</summary>
/// <param name="Prompts">At least one.</param>
/// <param name="Options">Any of <see cref="IndexOptions"/>, each once.</param>
public sealed record LabelQuery(string Name, IReadOnlyList<string> Prompts, IReadOnlyList<string> Options,
    ConversationMatching Conversation = ConversationMatching.Semantic)
{
    /// <summary>One search for each combination of prompt and option.</summary>
    internal IEnumerable<PromptSearch> Searches() => Options.SelectMany(option => Prompts.Select(prompt
        => new PromptSearch(option, option == IndexOptions.Conversation ? Conversation : ConversationMatching.Semantic, prompt)));
}

/// <summary>Score thresholds of a classification.</summary>
/// <param name="Fragment">Minimum score of a fragment, 0 to 100; 0 keeps all fragments.</param>
/// <param name="Label">Minimum of a label's best fragment score, 0 to 100.</param>
/// <param name="Share">Minimum share of the video's duration, 0 to 1; null uses <see cref="ClassificationOptions.MinShare"/>.</param>
public sealed record ClassificationBounds(double Fragment, double Label = 0, double? Share = null);

/// <summary>Classifies all finished videos of one index, or some of them.</summary>
/// <param name="VideoIds">Null for all videos.</param>
/// <param name="KeepsClips">If false, the answer contains no clips.</param>
public sealed record ClassificationQuery(
    string IndexId, IReadOnlyList<string>? VideoIds, IReadOnlyList<LabelQuery> Labels, ClassificationBounds Bounds, bool KeepsClips = false)
{
    /// <summary>The distinct prompts of all labels.</summary>
    public IReadOnlyList<string> Prompts { get; } = [.. Labels.SelectMany(label => label.Prompts).Distinct()];
}

/// <summary>A prompt searched with one option. Labels with an equal search share its result.</summary>
internal sealed record PromptSearch(string Option, ConversationMatching Conversation, string Prompt);

/// <summary>A video to classify, with its number of rows per table.</summary>
/// <param name="Duration">Seconds.</param>
public sealed record PlannedVideo(string Id, double Duration, int Frames, int Segments, int Regions = 0, int Sounds = 0);

/// <summary>A classification and the rows that it compares.</summary>
public sealed record ClassificationPlan(ClassificationQuery Query, IReadOnlyList<PlannedVideo> Videos)
{
    internal IReadOnlyList<PromptSearch> Searches { get; } = [.. Query.Labels.SelectMany(label => label.Searches()).Distinct()];

    /// <summary>Number of comparisons of a prompt with a frame, a logo region, a sound moment or a text segment.</summary>
    public long Comparisons => Videos.Sum(ComparisonsOf);

    internal long ComparisonsOf(PlannedVideo video)
        => (long)(video.Frames + video.Sounds) * Searches.Count(search => search.Option == IndexOptions.Visual)
            + (long)video.Segments * Searches.Count(search => search.Option is IndexOptions.Conversation or IndexOptions.TextInVideo)
            + (long)(video.Segments + video.Regions) * Searches.Count(search => search.Option == IndexOptions.Logo);
}
