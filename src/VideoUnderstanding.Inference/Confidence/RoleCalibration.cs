namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Measured score maps of one model on a labelled set.</summary>
/// <param name="Model">Its id in the manifest.</param>
/// <param name="Hash">See <see cref="ModelHash"/>.</param>
/// <param name="Set">Name of the set.</param>
public sealed record ModelCalibration(string Model, string Hash, string Set, IReadOnlyDictionary<EvidenceRole, RoleCalibration> Roles);

/// <summary>The measured map of one role.</summary>
/// <param name="Pairs">Number of matches in the measurement.</param>
/// <param name="Right">Number of right matches among them.</param>
/// <param name="Kind">The evidence that the points map to a score.</param>
/// <param name="LeastSpread">See <see cref="ScoreMap"/>.</param>
/// <param name="Points">Pairs of evidence and score, both ascending; at least two.</param>
public sealed record RoleCalibration(int Pairs, int Right, EvidenceKind Kind, double LeastSpread, IReadOnlyList<ScorePoint> Points)
{
    /// <summary>Map from cosine to the scores of medium and above, if only cosines keep the precision of these levels; then the normalised
    /// score gives at most low. Null: <see cref="Points"/> give all levels.</summary>
    public IReadOnlyList<ScorePoint>? UpperPoints { get; init; }

    public ScoreMap ToMap() => Kind == EvidenceKind.Cosine
        ? new(new ScoreCurve(Points), null) { IsMeasured = true }
        : new(null, new ScoreCurve(Points), LeastSpread)
        {
            IsMeasured = true, UpperByCosine = UpperPoints is null ? null : new ScoreCurve(UpperPoints),
        };
}

/// <summary>The number that ranks matches and is mapped to their score.</summary>
public enum EvidenceKind
{
    /// <summary>The cosine normalised by generic captions; needs the captions' cosines for each match.</summary>
    NormalizedScore,

    /// <summary>The plain cosine.</summary>
    Cosine,
}
