using System.Numerics;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Discrete Fourier transforms of any length, as many at once as a vector register has lanes: lane i of every element belongs to signal i.</summary>
/// <remarks>Stockham's self-sorting form, one stage for each prime factor (pairs of twos as one four). Not safe for use by two threads at once.</remarks>
internal sealed class VectorFourier
{
    private readonly int[] _radices;
    private readonly float[] _cosines;
    private readonly float[] _sines;
    private Vector<float>[] _re, _im, _nextRe, _nextIm;

    public VectorFourier(int length)
    {
        Length = length;
        _radices = [.. Factors(length)];
        _cosines = [.. Enumerable.Range(0, length).Select(i => (float)Math.Cos(-2 * Math.PI * i / length))];
        _sines = [.. Enumerable.Range(0, length).Select(i => (float)Math.Sin(-2 * Math.PI * i / length))];
        (_re, _im) = (new Vector<float>[length], new Vector<float>[length]);
        (_nextRe, _nextIm) = (new Vector<float>[length], new Vector<float>[length]);
    }

    public int Length { get; }

    /// <summary>Real parts: the signals before <see cref="Transform"/>, the spectra after it.</summary>
    public Vector<float>[] Real => _re;

    /// <summary>Imaginary parts, likewise.</summary>
    public Vector<float>[] Imaginary => _im;

    public void Transform()
    {
        var (remaining, stride) = (Length, 1);
        foreach (var radix in _radices)
        {
            Stage(radix, remaining, stride);
            (_re, _nextRe, _im, _nextIm) = (_nextRe, _re, _nextIm, _im);
            (remaining, stride) = (remaining / radix, stride * radix);
        }
    }

    private void Stage(int radix, int remaining, int stride)
    {
        var part = remaining / radix;
        Span<Vector<float>> re = stackalloc Vector<float>[radix];
        Span<Vector<float>> im = stackalloc Vector<float>[radix];
        for (var p = 0; p < part; p++)
        {
            for (var q = 0; q < stride; q++)
            {
                for (var k = 0; k < radix; k++)
                    (re[k], im[k]) = (_re[q + stride * (p + part * k)], _im[q + stride * (p + part * k)]);
                for (var j = 0; j < radix; j++)
                    Output(re, im, q + stride * (radix * p + j), j, p * j * stride);
            }
        }
    }

    /// <summary>One output of a butterfly: sum of the inputs times the powers of the radix' root, turned by the stage's twiddle.</summary>
    private void Output(ReadOnlySpan<Vector<float>> re, ReadOnlySpan<Vector<float>> im, int target, int row, int twiddle)
    {
        var (sumRe, sumIm) = (re[0], im[0]);
        var step = Length / re.Length * row;
        for (int k = 1, turn = step; k < re.Length; k++, turn += step)
        {
            if (turn >= Length)
                turn -= Length;
            var (cosine, sine) = (new Vector<float>(_cosines[turn]), new Vector<float>(_sines[turn]));
            sumRe += re[k] * cosine - im[k] * sine;
            sumIm += re[k] * sine + im[k] * cosine;
        }
        var (c, s) = (new Vector<float>(_cosines[twiddle % Length]), new Vector<float>(_sines[twiddle % Length]));
        _nextRe[target] = sumRe * c - sumIm * s;
        _nextIm[target] = sumRe * s + sumIm * c;
    }

    private static IEnumerable<int> Factors(int length)
    {
        for (; length % 4 == 0; length /= 4)
            yield return 4;
        for (var factor = 2; factor <= length; factor++)
        {
            for (; length % factor == 0; length /= factor)
                yield return factor;
        }
    }
}
