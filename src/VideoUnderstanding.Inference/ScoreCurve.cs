namespace VideoUnderstanding.Inference;

/// <summary>A monotone map from evidence to score: linear between points, constant outside.</summary>
/// <param name="Points">Pairs of evidence and score (0 to 100), both ascending; at least two.</param>
public sealed record ScoreCurve(IReadOnlyList<ScorePoint> Points)
{
    public double ScoreOf(double evidence)
    {
        if (evidence <= Points[0].Evidence)
            return Points[0].Score;
        for (var i = 1; i < Points.Count; i++)
        {
            if (evidence > Points[i].Evidence)
                continue;
            var (low, high) = (Points[i - 1], Points[i]);
            return low.Score + (high.Score - low.Score) * (evidence - low.Evidence) / (high.Evidence - low.Evidence);
        }
        return Points[^1].Score;
    }
}

/// <param name="Evidence">In the manifest a cosine, -1 to 1; in a calibration a cosine or a normalised score.</param>
public readonly record struct ScorePoint(double Evidence, double Score);
