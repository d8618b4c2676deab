using System.Buffers;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Converts frames to model input: scaled, cropped, normalised, in red, green and blue planes.</summary>
internal sealed class PictureTransform
{
    private readonly PictureSettings _settings;
    /// <summary>Normalised value of each of the 256 values, for each channel.</summary>
    private readonly float[][] _values;

    public PictureTransform(PictureSettings settings)
    {
        _settings = settings;
        _values = [.. Enumerable.Range(0, 3).Select(colour => Enumerable.Range(0, 256)
            .Select(value => (float)((value * settings.Scale - settings.Mean[colour]) / settings.Deviation[colour])).ToArray())];
    }

    /// <summary>Numbers per frame.</summary>
    public int Length => 3 * _settings.Width * _settings.Height;

    public int Width => _settings.Width;
    public int Height => _settings.Height;

    /// <param name="planes"><see cref="Length"/> numbers.</param>
    public void Apply(Frame frame, Span<float> planes)
    {
        var pixels = _settings.Width * _settings.Height;
        var rented = ArrayPool<byte>.Shared.Rent(pixels * 3);
        try
        {
            var scaled = rented.AsSpan(0, pixels * 3);
            PictureScaler.Scale(frame.Rgb, frame.Width, frame.Height, _settings.Place(frame.Width, frame.Height), _settings.Filter, scaled);
            for (var colour = 0; colour < 3; colour++)
            {
                var values = _values[colour];
                var plane = planes.Slice(colour * pixels, pixels);
                for (var i = 0; i < plane.Length; i++)
                    plane[i] = values[scaled[i * 3 + colour]];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
