namespace VideoUnderstanding.Inference.Visual;

/// <summary>The text network of a visual-text model: a small batch of texts in, one unit vector per text out, in the same order.</summary>
internal interface ICaptionModel : IDisposable
{
    Task<float[][]> EncodeAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);
}
