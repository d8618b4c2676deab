namespace VideoUnderstanding.Inference;

/// <summary>What a model is for. Written in the manifest in snake case.</summary>
public enum ModelRole
{
    VisualText,
    TextEmbedding,
    Speech,
    VoiceActivity,
    ScreenText,

    /// <summary>Classes of sound that is not speech. A profile may lack it; then sound is neither indexed nor searched.</summary>
    Sound,
}
