namespace VideoUnderstanding.Inference;

/// <summary>A monotone map from a model's cosine to the score of the wire: straight lines between points, flat outside. From the manifest.</summary>
/// <param name="Points">Pairs of cosine (-1 to 1) and score (0 to 100), both ascending; at least two.</param>
public sealed record ScoreCurve(IReadOnlyList<ScorePoint> Points)
{
    public double ScoreOf(double cosine)
    {
        if (cosine <= Points[0].Cosine)
            return Points[0].Score;
        for (var i = 1; i < Points.Count; i++)
        {
            if (cosine > Points[i].Cosine)
                continue;
            var (low, high) = (Points[i - 1], Points[i]);
            return low.Score + (high.Score - low.Score) * (cosine - low.Cosine) / (high.Cosine - low.Cosine);
        }
        return Points[^1].Score;
    }
}

public readonly record struct ScorePoint(double Cosine, double Score);
