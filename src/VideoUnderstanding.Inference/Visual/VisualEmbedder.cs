using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Pictures and sentences as unit vectors in one space.</summary>
public sealed class VisualEmbedder
{
    public int Dimensions => throw new NotImplementedException();

    /// <summary>Frames that are best given in one call.</summary>
    public int BatchSize => throw new NotImplementedException();

    /// <summary>One unit vector a frame, in the same order.</summary>
    public Task<float[][]> EmbedFramesAsync(IReadOnlyList<Frame> frames, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>One unit vector a text, in the same order.</summary>
    public Task<float[][]> EmbedTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) => throw new NotImplementedException();
}
