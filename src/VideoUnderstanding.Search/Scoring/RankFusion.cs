namespace VideoUnderstanding.Search.Scoring;

/// <summary>Several rankings of the same things as one, by weighted reciprocal rank (Cormack, Clarke and Büttcher, 2009).</summary>
public static class RankFusion
{
    /// <summary>Softens the difference between the first ranks; the value of the paper.</summary>
    private const double Softness = 60;

    /// <returns>Every thing that any ranking has, the best first.</returns>
    public static IReadOnlyList<T> Fuse<T>(params IReadOnlyList<(double Weight, IReadOnlyList<T> Ranking)> rankings) where T : notnull
    {
        var sums = new Dictionary<T, double>();
        foreach (var (weight, ranking) in rankings)
        {
            for (var rank = 0; rank < ranking.Count; rank++)
                sums[ranking[rank]] = sums.GetValueOrDefault(ranking[rank]) + weight / (Softness + rank + 1);
        }
        return [.. sums.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
    }
}
