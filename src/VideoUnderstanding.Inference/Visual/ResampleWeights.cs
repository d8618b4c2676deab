namespace VideoUnderstanding.Inference.Visual;

/// <summary>Source pixels and weights of each target pixel along one axis. The arithmetic is that of Pillow's 8-bit resampling (the filter
/// widens with the reduction to avoid aliasing; weights are fixed-point), because the models were trained on pictures scaled by
/// it.</summary>
internal sealed class ResampleWeights
{
    /// <summary>Fractional bits of a weight. Pillow: 32, minus 8 of the pixel and 2 of headroom for overshoot.</summary>
    public const int Precision = 32 - 8 - 2;

    private ResampleWeights(int taps, int[] starts, int[] counts, int[] values)
        => (Taps, Starts, Counts, Values) = (taps, starts, counts, values);

    /// <summary>Places per target pixel in <see cref="Values"/>.</summary>
    public int Taps { get; }
    /// <summary>First source pixel of each target pixel.</summary>
    public int[] Starts { get; }
    /// <summary>Number of source pixels of each target pixel.</summary>
    public int[] Counts { get; }
    /// <summary>Weights, <see cref="Taps"/> for each target pixel.</summary>
    public int[] Values { get; }

    /// <summary>Weights for the target pixels <paramref name="offset"/> to <paramref name="offset"/> + <paramref name="length"/> of a
    /// picture scaled from <paramref name="source"/> to <paramref name="target"/> pixels.</summary>
    public static ResampleWeights Create(ResampleFilter filter, int source, int target, int offset, int length)
    {
        var scale = (double)source / target;
        var widening = Math.Max(scale, 1);
        var support = RadiusOf(filter) * widening;
        var taps = (int)Math.Ceiling(support) * 2 + 1;
        var (starts, counts, values) = (new int[length], new int[length], new int[length * taps]);
        Span<double> weights = stackalloc double[taps <= 256 ? taps : 0];
        if (taps > 256)
            weights = new double[taps];
        for (var i = 0; i < length; i++)
        {
            var center = (offset + i + 0.5) * scale;
            var start = Math.Max((int)(center - support + 0.5), 0);
            var count = Math.Min((int)(center + support + 0.5), source) - start;
            var sum = 0.0;
            for (var x = 0; x < count; x++)
                sum += weights[x] = WeightAt(filter, (x + start - center + 0.5) / widening);
            for (var x = 0; x < count; x++)
                values[i * taps + x] = ToFixed(sum == 0 ? weights[x] : weights[x] / sum);
            (starts[i], counts[i]) = (start, count);
        }
        return new ResampleWeights(taps, starts, counts, values);
    }

    private static int ToFixed(double weight) => (int)(weight * (1 << Precision) + (weight < 0 ? -0.5 : 0.5));

    private static double RadiusOf(ResampleFilter filter) => filter switch
    {
        ResampleFilter.Bilinear => 1,
        ResampleFilter.Bicubic => 2,
        _ => 3,
    };

    private static double WeightAt(ResampleFilter filter, double x) => filter switch
    {
        ResampleFilter.Bilinear => Math.Max(1 - Math.Abs(x), 0),
        ResampleFilter.Bicubic => Cubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    /// <summary>Keys' cubic convolution with a = -0.5.</summary>
    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
            : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
            : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}

/// <summary>Resampling filters, numbered as in preprocessor_config.json (Pillow's Resampling).</summary>
public enum ResampleFilter
{
    Lanczos = 1,
    Bilinear = 2,
    Bicubic = 3,
}
