namespace VideoUnderstanding.Inference.Confidence;

/// <summary>What one model was found to be worth on a labelled set.</summary>
/// <param name="Model">Its id in the manifest.</param>
/// <param name="Hash">See <see cref="ModelHash"/>.</param>
/// <param name="Set">Name of the set.</param>
public sealed record ModelCalibration(string Model, string Hash, string Set, IReadOnlyDictionary<EvidenceRole, RoleCalibration> Roles);

/// <summary>The measured map of one role.</summary>
/// <param name="Pairs">Matches that were judged.</param>
/// <param name="Right">Those of them that were right.</param>
/// <param name="Kind">What the points map to a score, chosen by measurement for each model.</param>
/// <param name="LeastSpread">See <see cref="ScoreMap"/>.</param>
/// <param name="Points">Pairs of evidence and score, both ascending; at least two.</param>
public sealed record RoleCalibration(int Pairs, int Right, EvidenceKind Kind, double LeastSpread, IReadOnlyList<ScorePoint> Points)
{
    /// <summary>Cosines and scores of medium and above, where cosines keep the precision of a level that standings do not keep; the
    /// standing then gives low at most. Null: <see cref="Points"/> give all levels.</summary>
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
    /// <summary>The standing among generic captions; needs the captions' cosines for each match.</summary>
    Standing,

    /// <summary>The cosine by itself.</summary>
    Cosine,
}
