using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.Classification;

/// <summary>A label, and the texts that stand for it: a fragment that fits any of them fits the label.</summary>
/// <param name="Prompts">At least one.</param>
/// <param name="Options">Any of <see cref="IndexOptions"/>, each once.</param>
public sealed record LabelQuery(string Name, IReadOnlyList<string> Prompts, IReadOnlyList<string> Options,
    ConversationMatching Conversation = ConversationMatching.Semantic)
{
    /// <summary>Every prompt with every option.</summary>
    internal IEnumerable<Asked> Asked() => Options.SelectMany(option => Prompts.Select(prompt
        => new Asked(option, option == IndexOptions.Conversation ? Conversation : ConversationMatching.Semantic, prompt)));
}

/// <summary>What a fragment and a label need to count.</summary>
/// <param name="Fragment">Lowest score of a fragment, 0 to 100; 0 keeps everything.</param>
/// <param name="Label">Lowest best score of a label, 0 to 100.</param>
/// <param name="Share">Least share of the video, 0 to 1; null for the configured one.</param>
public sealed record ClassificationBounds(double Fragment, double Label = 0, double? Share = null);

/// <summary>Labels for the finished videos of one index, or for some of them.</summary>
/// <param name="VideoIds">Null for all videos.</param>
/// <param name="KeepsClips">False leaves the fragments out of the answer.</param>
public sealed record ClassificationQuery(
    string IndexId, IReadOnlyList<string>? VideoIds, IReadOnlyList<LabelQuery> Labels, ClassificationBounds Bounds, bool KeepsClips = false)
{
    /// <summary>The texts of all labels, each once.</summary>
    public IReadOnlyList<string> Prompts { get; } = [.. Labels.SelectMany(label => label.Prompts).Distinct()];
}

/// <summary>One question to the fragments of a video. Labels that share one share its answer.</summary>
internal sealed record Asked(string Option, ConversationMatching Conversation, string Prompt);

/// <summary>A video that will be classified.</summary>
/// <param name="Duration">Seconds.</param>
public sealed record PlannedVideo(string Id, double Duration, int Frames, int Segments, int Regions = 0, int Sounds = 0);

/// <summary>A classification whose size is known.</summary>
public sealed record ClassificationPlan(ClassificationQuery Query, IReadOnlyList<PlannedVideo> Videos)
{
    internal IReadOnlyList<Asked> Asked { get; } = [.. Query.Labels.SelectMany(label => label.Asked()).Distinct()];

    /// <summary>How many times a prompt is compared with a picture, a part of one, a moment of sound, or a segment of text.</summary>
    public long Comparisons => Videos.Sum(ComparisonsOf);

    internal long ComparisonsOf(PlannedVideo video)
        => (long)(video.Frames + video.Sounds) * Asked.Count(asked => asked.Option == IndexOptions.Visual)
            + (long)video.Segments * Asked.Count(asked => asked.Option is IndexOptions.Conversation or IndexOptions.TextInVideo)
            + (long)(video.Segments + video.Regions) * Asked.Count(asked => asked.Option == IndexOptions.Logo);
}
