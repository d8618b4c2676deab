namespace VideoUnderstanding.TestAssets.Sounds;

/// <summary>Computed sounds: mono, 16,000 samples per second, values from -1 to 1. The same seed gives the same samples.</summary>
public static class SyntheticSounds
{
    public const int SampleRate = 16_000;

    /// <summary>A siren whose pitch rises and falls.</summary>
    /// <param name="cycle">Seconds from one low pitch to the next.</param>
    public static float[] Siren(double seconds, double low = 600, double high = 1400, double cycle = 2)
    {
        var samples = new float[Count(seconds)];
        var phase = 0.0;
        for (var i = 0; i < samples.Length; i++)
        {
            var position = i / (double)SampleRate / cycle % 1;
            var pitch = low + (high - low) * (1 - Math.Abs(2 * position - 1));
            phase += 2 * Math.PI * pitch / SampleRate;
            samples[i] = (float)(0.3 * (Math.Sin(phase) + 0.4 * Math.Sin(2 * phase) + 0.25 * Math.Sin(3 * phase)));
        }
        return samples;
    }

    /// <summary>Strokes of a church bell, as a sum of the partials of a bell.</summary>
    /// <param name="pitch">Frequency of the strike note in hertz.</param>
    public static float[] Bell(double seconds, double pitch = 440, double strokes = 1)
    {
        (double Ratio, double Level, double Decay)[] partials =
            [(0.5, 0.6, 0.5), (1, 1, 0.8), (1.183, 0.7, 1), (1.506, 0.5, 1.3), (2, 1, 1.2), (2.514, 0.4, 2), (2.662, 0.35, 2.2),
                (3.011, 0.3, 2.5), (4.166, 0.25, 3.5)];
        var samples = new float[Count(seconds)];
        for (var stroke = 0; stroke < seconds * strokes; stroke++)
        {
            var from = Count(stroke / strokes);
            for (var i = from; i < samples.Length; i++)
            {
                var time = (i - from) / (double)SampleRate;
                samples[i] += (float)(0.12 * partials.Sum(part
                    => part.Level * Math.Exp(-part.Decay * time * 1.5) * Math.Sin(2 * Math.PI * pitch * part.Ratio * time)));
            }
        }
        return samples;
    }

    /// <summary>An audience that claps: short bursts of noise at random times.</summary>
    /// <param name="rate">Claps per second.</param>
    public static float[] Applause(double seconds, double rate = 150, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new float[Count(seconds)];
        for (var clap = 0; clap < seconds * rate; clap++)
        {
            var (from, level, decay, pitch) =
                (random.Next(samples.Length), 0.05 + 0.25 * Math.Pow(random.NextDouble(), 3), 120 + 300 * random.NextDouble(),
                900 + 1600 * random.NextDouble());
            Resonance(samples, from, Count(0.03), pitch, decay, level, random);
        }
        return samples;
    }

    /// <summary>Running water: bubbles of rising pitch over soft noise.</summary>
    public static float[] Water(double seconds, double rate = 90, int seed = 1)
    {
        var random = new Random(seed);
        var samples = Noise(seconds, 0.04, 2500, seed + 1);
        for (var bubble = 0; bubble < seconds * rate; bubble++)
        {
            var (from, pitch, level) =
                (random.Next(samples.Length), 350 * Math.Exp(2.2 * random.NextDouble()), 0.25 * Math.Pow(random.NextDouble(), 2));
            var (phase, decay) = (0.0, 0.13 * pitch + 30);
            for (var i = from; i < Math.Min(samples.Length, from + Count(0.12)); i++)
            {
                var time = (i - from) / (double)SampleRate;
                phase += 2 * Math.PI * pitch * (1 + 4 * time) / SampleRate;
                samples[i] += (float)(level * Math.Exp(-decay * time) * Math.Sin(phase));
            }
        }
        return samples;
    }

    /// <summary>Plucked strings (Karplus and Strong, 1983) that repeat four chords.</summary>
    /// <param name="tempo">Notes per second.</param>
    public static float[] Music(double seconds, double tempo = 4, int seed = 1)
    {
        int[][] chords = [[0, 4, 7, 12], [-3, 0, 4, 9], [-7, -3, 0, 5], [-5, -1, 2, 7]];
        var random = new Random(seed);
        var samples = new float[Count(seconds)];
        for (var note = 0; note < seconds * tempo; note++)
        {
            var chord = chords[note / 8 % chords.Length];
            Pluck(samples, Count(note / tempo), 220 * Math.Pow(2, chord[note % 4] / 12.0), random);
            if (note % 8 == 0)
                Pluck(samples, Count(note / tempo), 110 * Math.Pow(2, chord[0] / 12.0), random);
        }
        return samples;
    }

    /// <summary>An engine that idles: pulses of low noise.</summary>
    /// <param name="pulses">Ignitions per second.</param>
    public static float[] Engine(double seconds, double pulses = 28, int seed = 1)
    {
        var random = new Random(seed);
        var samples = Noise(seconds, 0.05, 300, seed + 1);
        for (var pulse = 0; pulse < seconds * pulses; pulse++)
            Resonance(samples, Count((pulse + 0.15 * random.NextDouble()) / pulses), Count(0.05), 90 + 30 * random.NextDouble(), 60, 0.5,
                random);
        return samples;
    }

    /// <summary>Noise below a frequency.</summary>
    /// <param name="cutoff">Upper frequency in hertz; 8,000 gives white noise.</param>
    public static float[] Noise(double seconds, double level, double cutoff = 8000, int seed = 1)
    {
        var random = new Random(seed);
        var samples = new float[Count(seconds)];
        var (share, last) = (1 - Math.Exp(-2 * Math.PI * cutoff / SampleRate), 0.0);
        for (var i = 0; i < samples.Length; i++)
        {
            last += share * (2 * random.NextDouble() - 1 - last);
            samples[i] = (float)(level * last / Math.Sqrt(share));
        }
        return samples;
    }

    private static int Count(double seconds) => (int)Math.Round(seconds * SampleRate);

    /// <summary>Adds noise that resonates at a pitch and decays.</summary>
    private static void Resonance(float[] samples, int from, int count, double pitch, double decay, double level, Random random)
    {
        var (one, two, width) = (0.0, 0.0, 0.9);
        for (var i = from; i < Math.Min(samples.Length, from + count); i++)
        {
            var noise = (2 * random.NextDouble() - 1) * Math.Exp(-decay * (i - from) / SampleRate);
            var value = noise + 2 * width * Math.Cos(2 * Math.PI * pitch / SampleRate) * one - width * width * two;
            (two, one) = (one, value);
            samples[i] += (float)(level * 0.4 * value);
        }
    }

    private static void Pluck(float[] samples, int from, double pitch, Random random)
    {
        var line = new double[(int)(SampleRate / pitch)];
        for (var i = 0; i < line.Length; i++)
            line[i] = 2 * random.NextDouble() - 1;
        for (var i = from; i < Math.Min(samples.Length, from + Count(2)); i++)
        {
            var place = (i - from) % line.Length;
            samples[i] += (float)(0.25 * line[place]);
            line[place] = 0.497 * (line[place] + line[(place + 1) % line.Length]);
        }
    }
}
