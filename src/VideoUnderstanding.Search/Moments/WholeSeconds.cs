namespace VideoUnderstanding.Search.Moments;

/// <summary>Rounds visual boundaries to whole seconds. CONTRACT 7.3.</summary>
public static class WholeSeconds
{
    /// <summary>Rounds each boundary to the nearest second. The moments remain disjoint, at least one second long, and within the
    /// video.</summary>
    /// <param name="moments">Disjoint moments in order of time.</param>
    /// <param name="duration">Duration of the video in seconds.</param>
    /// <returns>In order of time. If two moments share one second, the more similar one keeps it and the other is dropped.</returns>
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

    /// <summary>Shortens the last moment in favour of a more similar one at its end, or removes it if nothing is left.</summary>
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
