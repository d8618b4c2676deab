using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Whisper's features: the power of Hann windows, centred and reflected at both ends, in mel bands, as logarithms limited to the loudest eight decades.</summary>
/// <remarks>One instance serves one thread at a time.</remarks>
public sealed class LogMelSpectrogram
{
    // The feature's definition, the same for every Whisper: a power below the floor counts as the floor; what is quieter
    // than the loudest by more than the range is lifted; then (x + offset) / offset brings speech to about -1..1.
    private const float PowerFloor = 1e-10f;
    private const float Decades = 8;
    private const float Offset = 4;

    private readonly MelSettings _settings;
    private readonly MelFilters _filters;
    private readonly float[] _window;
    private readonly VectorFourier _fourier;
    private readonly Vector<float>[] _first;
    private readonly Vector<float>[] _second;

    public LogMelSpectrogram(MelSettings settings, MelFilters filters)
    {
        (_settings, _filters) = (settings, filters);
        _window = [.. Enumerable.Range(0, settings.FftLength).Select(i => (float)(0.5 - 0.5 * Math.Cos(2 * Math.PI * i / settings.FftLength)))];
        _fourier = new VectorFourier(settings.FftLength);
        _first = new Vector<float>[settings.Frequencies];
        _second = new Vector<float>[settings.Frequencies];
    }

    /// <param name="sound">At most one chunk of samples; silence follows to the chunk's end.</param>
    /// <param name="features">Bands times frames numbers, band by band.</param>
    public void Compute(ReadOnlySpan<float> sound, Span<float> features)
    {
        if (sound.Length > _settings.Samples)
            throw new ArgumentException($"{sound.Length} samples are more than one chunk of {_settings.Samples}.", nameof(sound));
        features.Fill(PowerFloor);
        var lanes = Vector<float>.Count;
        var half = _settings.FftLength / 2;
        // Room for the lanes that lie beyond the last frame.
        var length = (_settings.Frames + 2 * lanes) * _settings.HopLength + _settings.FftLength;
        var padded = ArrayPool<float>.Shared.Rent(length);
        Pad(sound, padded.AsSpan(0, length), half);
        // Frames that see only silence keep the floor, unless the sound reaches the end and is reflected there.
        var heard = Math.Min(_settings.Frames, (sound.Length + half) / _settings.HopLength + 1);
        for (var frame = 0; frame < heard; frame += 2 * lanes)
        {
            Load(padded, frame);
            _fourier.Transform();
            Powers();
            Sum(_first, frame, features);
            Sum(_second, frame + lanes, features);
        }
        ArrayPool<float>.Shared.Return(padded);
        Scale(features);
    }

    private void Pad(ReadOnlySpan<float> sound, Span<float> padded, int half)
    {
        padded.Clear();
        sound.CopyTo(padded[half..]);
        var end = half + _settings.Samples;
        for (var i = 1; i <= half; i++)
        {
            padded[half - i] = padded[half + i];
            padded[end + i - 1] = padded[end - 1 - i];
        }
    }

    /// <summary>Two windows share a transform, one as its real and one as its imaginary part.</summary>
    private void Load(float[] padded, int frame)
    {
        var (re, im, hop, lanes) = (_fourier.Real, _fourier.Imaginary, _settings.HopLength, Vector<float>.Count);
        Span<float> first = stackalloc float[lanes];
        Span<float> second = stackalloc float[lanes];
        for (var i = 0; i < _window.Length; i++)
        {
            var at = frame * hop + i;
            for (var lane = 0; lane < lanes; lane++)
            {
                first[lane] = padded[at + lane * hop];
                second[lane] = padded[at + (lanes + lane) * hop];
            }
            re[i] = new Vector<float>(first) * _window[i];
            im[i] = new Vector<float>(second) * _window[i];
        }
    }

    private void Powers()
    {
        var (re, im) = (_fourier.Real, _fourier.Imaginary);
        for (var k = 0; k < _first.Length; k++)
        {
            var mirror = (_fourier.Length - k) % _fourier.Length;
            var (sumRe, differenceIm) = (re[k] + re[mirror], im[k] - im[mirror]);
            var (sumIm, differenceRe) = (im[k] + im[mirror], re[k] - re[mirror]);
            _first[k] = (sumRe * sumRe + differenceIm * differenceIm) * 0.25f;
            _second[k] = (sumIm * sumIm + differenceRe * differenceRe) * 0.25f;
        }
    }

    private void Sum(Vector<float>[] powers, int frame, Span<float> features)
    {
        var count = Math.Min(Vector<float>.Count, _settings.Frames - frame);
        if (count <= 0)
            return;
        Span<float> lanes = stackalloc float[Vector<float>.Count];
        for (var band = 0; band < _filters.Bands.Count; band++)
        {
            var (first, weights) = (_filters.Bands[band].First, _filters.Bands[band].Weights);
            var sum = Vector<float>.Zero;
            for (var i = 0; i < weights.Length; i++)
                sum += powers[first + i] * weights[i];
            sum.CopyTo(lanes);
            lanes[..count].CopyTo(features.Slice(band * _settings.Frames + frame, count));
        }
    }

    private static void Scale(Span<float> features)
    {
        TensorPrimitives.Max(features, PowerFloor, features);
        TensorPrimitives.Log10(features, features);
        TensorPrimitives.Max(features, TensorPrimitives.Max(features) - Decades, features);
        TensorPrimitives.Add(features, Offset, features);
        TensorPrimitives.Divide(features, Offset, features);
    }
}
