using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Reads the file of queries with their right spans. Refuses unknown members, because a misspelt <c>right</c> would go
/// unnoticed.</summary>
internal static class QueriesReader
{
    private static readonly IReadOnlyList<string> Options = EvaluationSet.AllOptions;

    public static IReadOnlyList<EvaluationQuery> Read(SetNode root, IReadOnlyList<EvaluationVideo> videos)
    {
        var byName = videos.ToDictionary(video => video.File);
        root.Only("comment", "queries");
        return [.. root.Get("queries").Items().Select(node => ReadQuery(node, byName))];
    }

    private static EvaluationQuery ReadQuery(SetNode node, Dictionary<string, EvaluationVideo> videos)
    {
        node.Only("query", "option", "conversation_option", "right", "from");
        var (text, option) = (node.Get("query"), node.Get("option"));
        if (text.Text().Length > TextQuery.MaxLength)
            throw text.Invalid($"must have at most {TextQuery.MaxLength} characters");
        if (!Options.Contains(option.Text()))
            throw option.Invalid($"must be one of {string.Join(", ", Options)}");
        // "right" is required: if it were optional, leaving it out by mistake would make the query absurd.
        return new EvaluationQuery(text.Text(), option.Text(), Matching(node.Find("conversation_option")),
            [.. node.Get("right").Items().Select(item => ReadSpan(item, videos))], node.Find("from")?.Text() ?? "queries file");
    }

    private static ConversationMatching Matching(SetNode? node) => node?.Text() switch
    {
        null or "semantic" => ConversationMatching.Semantic,
        "exact_match" => ConversationMatching.ExactMatch,
        _ => throw node.Value.Invalid("must be semantic or exact_match"),
    };

    private static RightSpan ReadSpan(SetNode node, Dictionary<string, EvaluationVideo> videos)
    {
        var name = node.Only("video", "start", "end").Get("video");
        if (!videos.TryGetValue(name.Text(), out var video))
            throw name.Invalid("is no video of the set");
        var (start, end) = node.Span();
        return video.Duration is { } limit && end > limit + TruthReader.Slack
            ? throw node.Get("end").Invalid($"lies after the end of the video at {limit} s")
            : new RightSpan(video.File, start, end);
    }
}
