namespace VideoUnderstanding.Inference.Confidence;

/// <summary>What a model's matches are matches of: each is calibrated by itself.</summary>
public enum EvidenceRole
{
    /// <summary>Moments of pictures, found by the visual-text model.</summary>
    Visual,

    /// <summary>Spoken sentences, found by the text model.</summary>
    Speech,

    /// <summary>Lines on screen, found by the text model.</summary>
    ScreenText,
}

public static class EvidenceRoles
{
    /// <summary>The model whose cosines the role's matches have.</summary>
    public static ModelRole Model(this EvidenceRole role) => role == EvidenceRole.Visual ? ModelRole.VisualText : ModelRole.TextEmbedding;
}
