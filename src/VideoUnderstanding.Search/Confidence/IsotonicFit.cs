namespace VideoUnderstanding.Search.Confidence;

/// <summary>The ascending steps nearest to the data, by pooling adjacent violators (Ayer and others, 1955).</summary>
public static class IsotonicFit
{
    /// <param name="pairs">Evidence and whether the match was right; in any order.</param>
    /// <returns>Steps in ascending order of evidence; shares never fall.</returns>
    public static IReadOnlyList<IsotonicStep> Of(IEnumerable<JudgedMatch> pairs)
    {
        var steps = new List<IsotonicStep>();
        // Equal evidence can not be told apart, so it is one step from the beginning.
        foreach (var equal in pairs.GroupBy(pair => pair.Evidence).OrderBy(group => group.Key))
        {
            steps.Add(new IsotonicStep(equal.Key, equal.Key, equal.Count(), equal.Count(pair => pair.IsRight)));
            while (steps.Count > 1 && steps[^2].Share >= steps[^1].Share)
            {
                var merged = steps[^2].With(steps[^1]);
                steps.RemoveRange(steps.Count - 2, 2);
                steps.Add(merged);
            }
        }
        return steps;
    }
}

/// <summary>A match of a labelled set.</summary>
/// <param name="Evidence">The number whose map to scores is fitted: a cosine, or a <see cref="Standing"/>.</param>
/// <param name="Spread">See <see cref="Search.Evidence"/>.</param>
/// <param name="Video">Where it was found: matches of one video are alike.</param>
/// <param name="IsAbsurd">Nothing in the set answers the query.</param>
public sealed record JudgedMatch(string Query, string Video, double Evidence, bool IsRight, bool IsAbsurd = false, double Spread = 0);

/// <summary>Matches whose evidence lies in [From, To].</summary>
public readonly record struct IsotonicStep(double From, double To, int Pairs, int Right)
{
    public double Share => (double)Right / Pairs;

    public IsotonicStep With(IsotonicStep next) => new(From, next.To, Pairs + next.Pairs, Right + next.Right);
}
