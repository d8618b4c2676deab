using VideoUnderstanding.Inference.ScreenText;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.Inference.Text;
using VideoUnderstanding.Inference.Visual;

namespace VideoUnderstanding.Inference;

/// <summary>The models of the configured profile, each loaded once, on first use, and shared.</summary>
public sealed class ModelSet
{
    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public VisualEmbedder Visual => throw new NotImplementedException();
    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public TextEmbedder Text => throw new NotImplementedException();
    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public SpeechRecognizer Speech => throw new NotImplementedException();
    /// <exception cref="ModelUnavailableException">The role's files are missing or do not load.</exception>
    public ScreenTextReader ScreenText => throw new NotImplementedException();

    /// <summary>Null when the role can be used; else the sentence that says what is missing and which command fixes it. Cheap: looks at files, loads nothing.</summary>
    public string? WhyUnavailable(ModelRole role) => throw new NotImplementedException();

    /// <summary>Vector length the manifest gives for the role; null when the role is not in the profile.</summary>
    public int? Dimensions(ModelRole role) => throw new NotImplementedException();

    /// <summary>Map from cosine to score (0 to 100) of the role, as the manifest gives it.</summary>
    public ScoreCurve Scores(ModelRole role) => throw new NotImplementedException();
}
