using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Embeds pictures and sentences as unit vectors in one space.</summary>
public sealed class VisualEmbedder : IDisposable
{
    private readonly PictureEncoder _pictures;
    private readonly CaptionEncoder _captions;

    private VisualEmbedder(PictureEncoder pictures, CaptionEncoder captions, int dimensions) =>
        (_pictures, _captions, Dimensions) = (pictures, captions, dimensions);

    /// <exception cref="ModelUnavailableException">A file does not load.</exception>
    /// <exception cref="ManifestException">The manifest or a file beside the weights does not fit the model.</exception>
    public static VisualEmbedder Load(ManifestRole role, OnnxSessions sessions)
    {
        var dimensions = role.RequiredDimensions();
        var pictures = PictureEncoder.Load(role, sessions, dimensions);
        try
        {
            return new VisualEmbedder(pictures, CaptionEncoder.Load(role, sessions, dimensions), dimensions);
        }
        catch
        {
            pictures.Dispose();
            throw;
        }
    }

    public int Dimensions { get; }

    /// <summary>Best number of frames per call.</summary>
    public int BatchSize => _pictures.BatchSize;

    /// <summary>CUDA or CPU.</summary>
    public string Provider => _pictures.Provider;

    /// <summary>One unit vector per frame, in order.</summary>
    public Task<float[][]> EmbedFramesAsync(IReadOnlyList<Frame> frames, CancellationToken cancellationToken)
        => _pictures.EncodeAsync(frames, cancellationToken);

    /// <summary>One unit vector per text, in order.</summary>
    public Task<float[][]> EmbedTextsAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
        => _captions.EncodeAsync(texts, cancellationToken);

    public void Dispose()
    {
        _pictures.Dispose();
        _captions.Dispose();
    }
}
