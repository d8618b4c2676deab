namespace VideoUnderstanding.Inference;

/// <summary>What a model is for. Written in the manifest in snake case.</summary>
public enum ModelRole
{
    VisualText,
    TextEmbedding,
    Speech,
    VoiceActivity,
    ScreenText,
}
