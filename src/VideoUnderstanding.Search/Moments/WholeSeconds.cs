namespace VideoUnderstanding.Search.Moments;

/// <summary>Visual boundaries are sent as whole seconds. CONTRACT 7.3.</summary>
public static class WholeSeconds
{
    /// <summary>Each boundary moves to the nearest second. The moments stay apart, at least a second long, and inside the video.</summary>
    /// <param name="moments">In order of time and apart from each other.</param>
    /// <param name="duration">Seconds of the video.</param>
    /// <returns>In order of time. Where two moments share one second, the more similar one keeps it and the other is left out.</returns>
    public static IReadOnlyList<Moment> Of(IReadOnlyList<Moment> moments, double duration)
    {
        var end = Math.Max(1, Math.Floor(duration));
        var rounded = new List<Moment>(moments.Count);
        foreach (var moment in moments)
        {
            var next = Round(moment, end);
            if (rounded.Count > 0 && next.Start < rounded[^1].End && next.End > rounded[^1].End)
                next = next with { Start = rounded[^1].End };
            if (rounded.Count == 0 || next.Start >= rounded[^1].End)
                rounded.Add(next);
            else if (next.Similarity > rounded[^1].Similarity)
                Displace(rounded, next);
        }
        return rounded;
    }

    /// <summary>The last moment gives up the seconds of a more similar one at its end; it goes when none are left.</summary>
    private static void Displace(List<Moment> rounded, Moment next)
    {
        if (next.Start > rounded[^1].Start)
            rounded[^1] = rounded[^1] with { End = next.Start };
        else
            rounded.RemoveAt(rounded.Count - 1);
        rounded.Add(next with { Start = Math.Max(next.Start, rounded.Count > 0 ? rounded[^1].End : 0) });
    }

    private static Moment Round(Moment moment, double limit)
    {
        var start = Math.Min(Math.Round(moment.Start, MidpointRounding.AwayFromZero), limit - 1);
        var end = Math.Clamp(Math.Round(moment.End, MidpointRounding.AwayFromZero), start + 1, limit);
        return moment with { Start = start, End = end };
    }
}
