using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.UnitTests.Search.Moments;

/// <summary>Curves for tests, by default with one frame per second.</summary>
internal static class Curves
{
    /// <param name="parts">Seconds, level and shot of each part.</param>
    public static List<CurveFrame> Of(int seed, double noise, params (int Seconds, double Level, int Shot)[] parts)
    {
        var random = new Random(seed);
        var frames = new List<CurveFrame>();
        foreach (var (seconds, level, shot) in parts)
        {
            for (var i = 0; i < seconds; i++)
                frames.Add(new CurveFrame(frames.Count, frames.Count + 1, shot, level + noise * Gauss(random)));
        }
        return frames;
    }

    /// <summary>Frames with any lengths, shots and cosines.</summary>
    public static List<CurveFrame> Random(int seed)
    {
        var random = new Random(seed);
        var frames = new List<CurveFrame>();
        var (time, shot, level) = (0.0, 0, random.NextDouble() * 0.4);
        for (var left = random.Next(1, 200); left > 0; left--)
        {
            var length = random.Next(4) == 0 ? random.NextDouble() * 12 + 0.04 : 1;
            if (random.Next(8) == 0)
                (shot, level) = (shot + 1, random.NextDouble() * 0.4);
            frames.Add(new CurveFrame(time, time + length, shot, level + random.NextDouble() * 0.05));
            time += length;
        }
        return frames;
    }

    /// <summary>A normally distributed value by the Box-Muller method.</summary>
    private static double Gauss(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
