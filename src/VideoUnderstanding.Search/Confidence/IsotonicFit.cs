namespace VideoUnderstanding.Search.Confidence;

/// <summary>Isotonic regression with the pool-adjacent-violators algorithm (Ayer and others, 1955).</summary>
public static class IsotonicFit
{
    /// <param name="pairs">Matches with evidence and correctness, in any order.</param>
    /// <returns>Steps in ascending order of evidence, with non-decreasing shares.</returns>
    public static IReadOnlyList<IsotonicStep> Of(IEnumerable<JudgedMatch> pairs)
    {
        var steps = new List<IsotonicStep>();
        // Matches with equal evidence form one step.
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

/// <summary>A match of a labelled evaluation set.</summary>
/// <param name="Evidence">The value to calibrate: a cosine, or a result of <see cref="ScoreNormalization"/>.</param>
/// <param name="Spread">Standard deviation of the generic captions; see <see cref="Search.Evidence"/>.</param>
/// <param name="Video">Video of the match; matches of one video are correlated.</param>
/// <param name="IsAbsurd">True if no video of the set answers the query.</param>
public sealed record JudgedMatch(string Query, string Video, double Evidence, bool IsRight, bool IsAbsurd = false, double Spread = 0);

/// <summary>Matches whose evidence lies in [From, To].</summary>
public readonly record struct IsotonicStep(double From, double To, int Pairs, int Right)
{
    public double Share => (double)Right / Pairs;

    public IsotonicStep With(IsotonicStep next) => new(From, next.To, Pairs + next.Pairs, Right + next.Right);
}
