namespace VideoUnderstanding.Inference.Confidence;

/// <summary>What one model was found to be worth on a labelled set.</summary>
/// <param name="Model">Its id in the manifest.</param>
/// <param name="Hash">See <see cref="ModelHash"/>.</param>
/// <param name="Set">Name of the set.</param>
public sealed record ModelCalibration(string Model, string Hash, string Set, IReadOnlyDictionary<EvidenceRole, RoleCalibration> Roles);

/// <summary>The measured map of one role.</summary>
/// <param name="Pairs">Matches that were judged.</param>
/// <param name="Right">Those of them that were right.</param>
/// <param name="LeastSpread">See <see cref="ScoreMap"/>.</param>
/// <param name="Points">Pairs of standing and score, both ascending; at least two.</param>
public sealed record RoleCalibration(int Pairs, int Right, double LeastSpread, IReadOnlyList<ScorePoint> Points)
{
    public ScoreMap ToMap() => new(null, new ScoreCurve(Points), LeastSpread);
}
