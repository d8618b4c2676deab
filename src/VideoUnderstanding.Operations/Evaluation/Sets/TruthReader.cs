namespace VideoUnderstanding.Operations.Evaluation.Sets;

/// <summary>Reads <c>ground-truth.json</c>. Members that are not needed (hashes, licences, notes) are ignored.</summary>
internal static class TruthReader
{
    /// <summary>Seconds by which an entry may end after the video, because durations and times are rounded separately.</summary>
    public const double Slack = 1;

    public static IReadOnlyList<EvaluationVideo> Read(string folder, SetNode root)
    {
        var nodes = root.Get("media").Items();
        if (nodes.Count == 0)
            throw root.Get("media").Invalid("must name at least one video");
        var videos = new Dictionary<string, EvaluationVideo>();
        foreach (var node in nodes)
        {
            var video = ReadVideo(folder, node);
            if (!videos.TryAdd(video.File, video))
                throw node.Get("file").Invalid("is there twice");
        }
        return [.. videos.Values];
    }

    private static EvaluationVideo ReadVideo(string folder, SetNode node)
    {
        var (file, path) = node.Get("file").FileIn(folder);
        var duration = node.Find("duration")?.Seconds();
        return new EvaluationVideo(file, path, duration,
            [.. node.ItemsOf("scenes")
                .Select(item => Timed(item, duration, (start, end) => new SeenThing(start, end, item.Get("see").Text())))],
            [.. node.ItemsOf("speech")
                .Select(
                    item
                        => Timed(item, duration,
                            (start, end) => new SpokenPhrase(start, end, item.Get("text").Text(), item.Find("lang")?.Text())))],
            [.. node.ItemsOf("on_screen_text")
                .Select(item => Timed(item, duration, (start, end) => new ShownText(start, end, Lines(item.Get("text")))))]);
    }

    private static T Timed<T>(SetNode item, double? duration, Func<double, double, T> make)
    {
        var (start, end) = item.Span();
        return duration is { } limit && end > limit + Slack ? throw item.Get("end").Invalid($"lies after the end of the video at {limit} s")
            : make(start, end);
    }

    private static IReadOnlyList<string> Lines(SetNode text)
        => text.Text().Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } lines ? lines
            : throw text.Invalid("must have a line of text");
}
