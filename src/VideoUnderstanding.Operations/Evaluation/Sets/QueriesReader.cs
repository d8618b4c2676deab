using VideoUnderstanding.Search;

namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Reads the file of queries with their right spans. Refuses unknown members, because a misspelt <c>right</c> would go
/// unnoticed.</summary>
internal static class QueriesReader
{
    private static readonly IReadOnlyList<string> Options = EvaluationSet.AllOptions;

    /// <param name="folder">Folder of the set, with the pictures.</param>
    public static IReadOnlyList<EvaluationQuery> Read(string folder, SetNode root, IReadOnlyList<EvaluationVideo> videos)
    {
        var byName = videos.ToDictionary(video => video.File);
        root.Only("comment", "queries");
        return [.. root.Get("queries").Items().Select(node => ReadQuery(folder, node, byName))];
    }

    private static EvaluationQuery ReadQuery(string folder, SetNode node, Dictionary<string, EvaluationVideo> videos)
    {
        node.Only("query", "picture", "option", "conversation_option", "right", "from");
        var option = node.Get("option");
        if (!Options.Contains(option.Text()))
            throw option.Invalid($"must be one of {string.Join(", ", Options)}");
        var (text, path) = ReadAsked(folder, node, option.Text() == EvaluationQuery.Picture);
        // "right" is required: if it were optional, leaving it out by mistake would make the query absurd.
        return new EvaluationQuery(text, option.Text(), Matching(node.Find("conversation_option")),
            [.. node.Get("right").Items().Select(item => ReadSpan(item, videos))], node.Find("from")?.Text() ?? "queries file")
        {
            PicturePath = path,
        };
    }

    /// <returns>The text, or the name of the picture and its path.</returns>
    private static (string Text, string? PicturePath) ReadAsked(string folder, SetNode node, bool isPicture)
    {
        if (isPicture)
            return node.Find("query") is { } excess ? throw excess.Invalid("must not stand beside the option picture")
                : node.Get("picture").FileIn(folder);
        if (node.Find("picture") is { } picture)
            throw picture.Invalid("needs the option picture");
        var text = node.Get("query");
        return text.Text().Length <= TextQuery.MaxLength ? (text.Text(), null)
            : throw text.Invalid($"must have at most {TextQuery.MaxLength} characters");
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
