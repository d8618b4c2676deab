namespace VideoUnderstanding.Inference.Confidence;

/// <summary>Kinds of matches. Each has its own calibration.</summary>
public enum EvidenceRole
{
    /// <summary>Moments of pictures, found by the visual-text model.</summary>
    Visual,

    /// <summary>Spoken sentences, found by the text model.</summary>
    Speech,

    /// <summary>Lines on screen, found by the text model.</summary>
    ScreenText,

    /// <summary>Moments of sound that is not speech, found by the sound model. Their evidence is the score of a class, weighted by its
    /// similarity to the query.</summary>
    Sound,

    /// <summary>Moments that look like a picture, found by the visual-text model. Cosines between pictures have another range than those
    /// between a text and pictures.</summary>
    Picture,
}

public static class EvidenceRoles
{
    /// <summary>The model that finds the role's matches.</summary>
    public static ModelRole Model(this EvidenceRole role) => role switch
    {
        EvidenceRole.Visual or EvidenceRole.Picture => ModelRole.VisualText,
        EvidenceRole.Sound => ModelRole.Sound,
        _ => ModelRole.TextEmbedding,
    };
}
