using System.Runtime.CompilerServices;
using System.Text.Json;
using VideoUnderstanding.Inference.Speech;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>Compares with numbers that Reference/log_mel.py works out by a direct transform in double precision.</summary>
public sealed class LogMelSpectrogramTests
{
    public static TheoryData<string> Cases => [.. Load().Select(item => item.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Features_equal_those_worked_out_independently(string name)
    {
        var reference = Load().Single(item => item.Name == name);
        var settings = new MelSettings(16_000, 400, 160, reference.Bins, reference.ChunkSeconds);
        var features = new float[settings.Bins * settings.Frames];

        new LogMelSpectrogram(settings, MelFilters.Slaney(settings)).Compute(Signal(reference), features);

        foreach (var (column, bands) in reference.Columns)
        {
            for (var band = 0; band < bands.Length; band++)
                Assert.Equal(bands[band], features[band * settings.Frames + int.Parse(column)], 1e-3);
        }
    }

    [Fact]
    public void A_second_sound_leaves_no_trace_of_the_first()
    {
        var settings = new MelSettings(16_000, 400, 160, 80, 1);
        var spectrogram = new LogMelSpectrogram(settings, MelFilters.Slaney(settings));
        var (first, second) = (new float[80 * 100], new float[80 * 100]);
        var sound = Enumerable.Range(0, 8000).Select(i => MathF.Sin(i * 0.3f)).ToArray();

        spectrogram.Compute(sound, first);
        spectrogram.Compute(new float[16_000], second);
        Assert.All(second, value => Assert.Equal(-1.5f, value));

        spectrogram.Compute(sound, second);
        Assert.Equal(first, second);
    }

    [Fact]
    public void More_than_one_chunk_is_refused()
    {
        var settings = new MelSettings(16_000, 400, 160, 80, 1);
        var spectrogram = new LogMelSpectrogram(settings, MelFilters.Slaney(settings));

        Assert.Throws<ArgumentException>(() => spectrogram.Compute(new float[16_001], new float[80 * 100]));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(128)]
    [Trait("Needs", "Assets")]
    public void Computed_filters_equal_the_published_ones(int bins)
    {
        var published = NumpyArchive.Read(AssetsFolder.File("models/whisper-standin/mel_filters.npz"), $"mel_{bins}");
        Assert.NotNull(published);
        Assert.Equal([bins, 201], published.Shape);

        var computed = MelFilters.Slaney(new MelSettings(16_000, 400, 160, bins, 30));

        for (var band = 0; band < bins; band++)
        {
            for (var frequency = 0; frequency < 201; frequency++)
            {
                var filter = computed.Bands[band];
                var weight = frequency >= filter.First && frequency < filter.First + filter.Weights.Length ? filter.Weights[frequency - filter.First] : 0;
                Assert.Equal(published.Values[band * 201 + frequency], weight, 1e-6);
            }
        }
    }

    private static float[] Signal(Reference reference)
    {
        const double rate = 16_000;
        var count = (int)(reference.Seconds * rate);
        return [.. Enumerable.Range(0, count).Select(i => i / rate).Select(t => (float)(reference.Signal switch
        {
            "sine" => 0.5 * Math.Sin(2 * Math.PI * 440 * t),
            "chirp" => 0.3 * Math.Sin(2 * Math.PI * (100 * t + 6900 * t * t / (2 * reference.Seconds))),
            _ => 0,
        }))];
    }

    private static Reference[] Load([CallerFilePath] string here = "") => JsonSerializer.Deserialize<Reference[]>(
        File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(here)!, "Reference", "log_mel.json")),
        new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower })!;

    private sealed record Reference(string Name, string Signal, double Seconds, int ChunkSeconds, int Bins, Dictionary<string, double[]> Columns);
}
