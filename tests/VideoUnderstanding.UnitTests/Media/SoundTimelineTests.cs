using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Media;

public sealed class SoundTimelineTests
{
    private const int Rate = 1000;

    private static float[] Place(params (long At, int Count)[] frames)
    {
        var timeline = new SoundTimeline(Rate);
        var sound = new List<float>();
        foreach (var (at, count) in frames)
            foreach (var block in timeline.Add(at, Enumerable.Repeat(1f, count).ToArray(), 100_000))
            {
                Assert.Equal(Rate, block.Length);
                sound.AddRange(block);
            }
        sound.AddRange(timeline.TakeRest());
        Assert.Equal(timeline.Position, sound.Count);
        return [.. sound];
    }

    private static List<(int From, int To)> Heard(float[] sound)
    {
        var heard = new List<(int, int)>();
        for (var i = 0; i < sound.Length; i++)
            if (sound[i] > 0)
                if (heard.Count > 0 && heard[^1].Item2 == i)
                    heard[^1] = (heard[^1].Item1, i + 1);
                else
                    heard.Add((i, i + 1));
        return heard;
    }

    [Fact]
    public void A_late_start_and_a_gap_are_silence()
        => Assert.Equal([(2030, 2530), (5000, 5500)], Heard(Place((2030, 500), (5000, 500))));

    [Fact]
    public void Slightly_drifting_timestamps_make_no_gap() => Assert.Equal([(0, 300)], Heard(Place((0, 100), (190, 100), (110, 100))));

    [Fact]
    public void Overlapping_samples_are_dropped() => Assert.Equal([(0, 1200)], Heard(Place((0, 1000), (700, 500), (200, 300))));

    [Fact]
    public void Sound_before_the_first_picture_is_left_out() => Assert.Equal([(0, 150)], Heard(Place((-500, 400), (-100, 250))));

    [Fact]
    public void A_timestamp_far_after_the_end_is_refused()
        => Assert.Throws<MediaException>(() => new SoundTimeline(Rate).Add(1L << 50, new float[1], 100_000).ToList());

    [Fact]
    public void Endless_sound_is_refused_even_with_constant_timestamps()
        => Assert.Throws<MediaException>(() => Place([.. Enumerable.Repeat((0L, 500), 300)]));
}

public sealed class MonoMixTests
{
    private static float[] Stereo(Func<int, (double Left, double Right)> at)
        => [.. Enumerable.Range(0, 800).SelectMany(i => (float[])[(float)at(i).Left, (float)at(i).Right])];

    private static double Loudness(float[] mono) => Math.Sqrt(mono.Average(sample => sample * sample));

    private static double Tone(int i) => 0.5 * Math.Sin(i * 0.3);

    [Theory]
    [InlineData(-1, 0.3535)]
    [InlineData(-0.8, 0.318)]
    [InlineData(1, 0.3535)]
    [InlineData(0, 0.177)]
    public void Speech_has_the_same_level_with_an_inverted_channel(double right, double loudness)
    {
        var (mix, frame) = (new MonoMix(1), Stereo(i => (Tone(i), right * Tone(i))));
        mix.Mix(frame);

        Assert.Equal(loudness, Loudness(mix.Mix(frame)), 0.01);
    }

    [Fact]
    public void Independent_channels_are_averaged()
    {
        var random = new Random(5);
        var frame = Stereo(_ => (random.NextDouble() - 0.5, random.NextDouble() - 0.5));

        var mono = new MonoMix(1).Mix(frame);

        Assert.All(Enumerable.Range(0, 800), i => Assert.Equal((frame[2 * i] + frame[2 * i + 1]) / 2, mono[i], 1e-6));
    }

    [Fact]
    public void Invalid_samples_are_silence_and_loud_ones_are_clipped()
    {
        var mono = new MonoMix(2).Mix([float.NaN, float.PositiveInfinity, 0.9f, 0.9f]);

        Assert.Equal([0, 1], mono);
    }
}
