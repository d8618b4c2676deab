using System.Globalization;
using System.Text.Json;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Triangular filters that sum a power spectrum into mel bands. Each is kept as the stretch of frequencies where it is not zero.</summary>
public sealed class MelFilters
{
    private MelFilters(IReadOnlyList<MelFilter> bands) => Bands = bands;

    public IReadOnlyList<MelFilter> Bands { get; }

    /// <summary>The filters beside the weights where they are, else computed.</summary>
    /// <param name="npzPath">mel_filters.npz with an array mel_80 or mel_128; need not exist.</param>
    public static MelFilters Find(JsonElement preprocessor, string npzPath, MelSettings settings)
    {
        if (preprocessor.TryGetProperty("mel_filters", out var rows) && rows.ValueKind == JsonValueKind.Array)
            return FromJson(rows, settings);
        var name = string.Create(CultureInfo.InvariantCulture, $"mel_{settings.Bins}");
        if (File.Exists(npzPath) && NumpyArchive.Read(npzPath, name) is { } matrix)
            return From(settings, (band, frequency) => matrix.Values[band * settings.Frequencies + frequency], matrix.Values.Length);
        return Slaney(settings);
    }

    /// <summary>Filters on Slaney's mel scale (linear to 1000 Hz, logarithmic above), each of the same area.</summary>
    public static MelFilters Slaney(MelSettings settings)
    {
        var top = HertzToMel(settings.SampleRate / 2.0);
        var corners = Enumerable.Range(0, settings.Bins + 2).Select(i => MelToHertz(top * i / (settings.Bins + 1))).ToArray();
        return From(settings, Weight, settings.Bins * settings.Frequencies);

        float Weight(int band, int frequency)
        {
            var hertz = frequency * (double)settings.SampleRate / settings.FftLength;
            var (low, middle, high) = (corners[band], corners[band + 1], corners[band + 2]);
            var height = Math.Min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
            return (float)(Math.Max(0, height) * 2 / (high - low));
        }
    }

    // Slaney's scale: 3 mel for 200 Hz up to 1000 Hz (15 mel), above it 27 mel for each factor of 6.4.
    private static double HertzToMel(double hertz) => hertz < 1000 ? hertz * 3 / 200 : 15 + Math.Log(hertz / 1000) * 27 / Math.Log(6.4);

    private static double MelToHertz(double mel) => mel < 15 ? mel * 200 / 3 : 1000 * Math.Exp((mel - 15) * Math.Log(6.4) / 27);

    private static MelFilters FromJson(JsonElement rows, MelSettings settings)
    {
        var matrix = rows.EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.GetSingle()).ToArray()).ToArray();
        // Both orders are found in published files.
        return matrix.Length == settings.Frequencies
            ? From(settings, (band, frequency) => matrix[frequency][band], matrix.Length * matrix[0].Length)
            : From(settings, (band, frequency) => matrix[band][frequency], matrix.Length * matrix[0].Length);
    }

    private static MelFilters From(MelSettings settings, Func<int, int, float> weight, int count)
    {
        if (count != settings.Bins * settings.Frequencies)
            throw new InvalidDataException($"The mel filters hold {count} numbers; {settings.Bins} bands of {settings.Frequencies} frequencies were expected.");
        return new MelFilters([.. Enumerable.Range(0, settings.Bins).Select(band => Trim(band, settings.Frequencies, weight))]);
    }

    private static MelFilter Trim(int band, int frequencies, Func<int, int, float> weight)
    {
        var row = Enumerable.Range(0, frequencies).Select(frequency => weight(band, frequency)).ToArray();
        var first = Array.FindIndex(row, value => value != 0);
        return first < 0 ? new MelFilter(0, []) : new MelFilter(first, row[first..(Array.FindLastIndex(row, value => value != 0) + 1)]);
    }
}

/// <summary>One mel band.</summary>
/// <param name="First">Index of the frequency that the first weight is for.</param>
public sealed record MelFilter(int First, float[] Weights);
