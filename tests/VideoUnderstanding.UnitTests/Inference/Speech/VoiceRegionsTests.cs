using System.Text.Json;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>Windows of 100 samples at 1000 samples per second: one probability per tenth of a second.</summary>
public sealed class VoiceRegionsTests
{
    private static readonly VoiceActivitySettings Settings = new()
    {
        SampleRate = 1000, WindowSamples = 100, ContextSamples = 0, Threshold = 0.5, NegativeThreshold = 0.35,
        MinSpeechMs = 250, MinSilenceMs = 200, SpeechPadMs = 50,
    };

    [Fact]
    public void A_region_of_speech_is_returned_with_padding_after_a_pause()
        => Assert.Equal([new VoiceRegion(150, 550)], Regions("..999..."));

    [Fact]
    public void An_uncertain_moment_does_not_end_speech()
        => Assert.Equal([new VoiceRegion(50, 650)], Regions(".99499...."));

    [Fact]
    public void An_uncertain_moment_does_not_begin_speech() => Assert.Empty(Regions("..4444...."));

    [Fact]
    public void A_short_pause_does_not_split_speech()
        => Assert.Equal([new VoiceRegion(50, 650)], Regions(".99.99...."));

    [Fact]
    public void A_short_noise_is_left_out() => Assert.Empty(Regions("..99....99..."));

    [Fact]
    public void Speech_at_the_end_of_the_sound_ends_with_it()
        => Assert.Equal([new VoiceRegion(50, 430)], Regions(".999", length: 430));

    [Fact]
    public void Padding_does_not_extend_into_the_previous_region()
    {
        var regions = Regions(".999...999...", settings: Settings with { SpeechPadMs = 300 });

        Assert.Equal([new VoiceRegion(0, 700), new VoiceRegion(700, 1300)], regions);
    }

    [Fact]
    public void Long_speech_is_cut_at_its_quietest_moment()
    {
        // Two seconds at most; the window with 6 is in the second half of the first two seconds.
        var regions = Regions(".9999999999999969999999999999....", maxSeconds: 2.1);

        Assert.Equal(new VoiceRegion(50, 1500), regions[0]);
        Assert.Equal(1500, regions[1].Start);
        Assert.All(regions, region => Assert.InRange(region.Length, 1, 2100));
    }

    [Fact]
    public void A_missing_setting_is_named()
    {
        using var settings = JsonDocument.Parse("""{ "sample_rate": 16000 }""");

        var error = Assert.Throws<ModelUnavailableException>(() => VoiceActivitySettings.Parse(settings.RootElement));

        Assert.Contains("window_samples", error.Message, StringComparison.Ordinal);
    }

    /// <param name="probabilities">Tenths; a dot is 0.</param>
    private static List<VoiceRegion> Regions(
        string probabilities, long? length = null, double maxSeconds = 30, VoiceActivitySettings? settings = null)
    {
        var regions = new VoiceRegions(settings ?? Settings, maxSeconds);
        var found = probabilities.Select(sign => regions.Add(sign == '.' ? 0 : (sign - '0') / 10f)).OfType<VoiceRegion>().ToList();
        if (regions.Finish(length ?? probabilities.Length * 100) is { } last)
            found.Add(last);
        return found;
    }
}
