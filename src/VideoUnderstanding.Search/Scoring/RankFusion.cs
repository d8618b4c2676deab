namespace VideoUnderstanding.Search.Scoring;

/// <summary>Weighted reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).</summary>
public static class RankFusion
{
    /// <summary>Constant k of the paper.</summary>
    private const double RankConstant = 60;

    /// <returns>All items of all rankings, best first.</returns>
    public static IReadOnlyList<T> Fuse<T>(params IReadOnlyList<(double Weight, IReadOnlyList<T> Ranking)> rankings) where T : notnull
    {
        var sums = new Dictionary<T, double>();
        foreach (var (weight, ranking) in rankings)
        {
            for (var rank = 0; rank < ranking.Count; rank++)
                sums[ranking[rank]] = sums.GetValueOrDefault(ranking[rank]) + weight / (RankConstant + rank + 1);
        }
        return [.. sums.OrderByDescending(pair => pair.Value).Select(pair => pair.Key)];
    }
}
