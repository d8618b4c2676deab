using FsCheck;
using FsCheck.Fluent;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>Windows of 300 samples; 20 samples of a pause are kept; a pause of more than 50 ends a window.</summary>
public sealed class WindowPlannerTests
{
    [Fact]
    public void Regions_that_fit_are_one_window_with_the_pause_between_them()
    {
        var window = Assert.Single(Plan((20, 60), (75, 120)));

        Assert.Equal([new VoiceRegion(20, 60), new VoiceRegion(75, 120)], window.Voices);
        Assert.Equal(100, window.Length);
        Assert.Equal(85, window.SpeechLength);
    }

    [Fact]
    public void A_pause_inside_a_window_is_shortened_and_times_stay_right()
    {
        var window = Assert.Single(Plan((0, 40), (80, 120)));

        Assert.Equal(100, window.Length);
        Assert.Equal(39, window.ToStream(39));
        Assert.Equal(60, window.ToStream(40));
        Assert.Equal(80, window.ToStream(60));
        Assert.Equal(119, window.ToStream(99));
        Assert.Equal([.. Enumerable.Range(0, 40), .. Enumerable.Range(60, 60)], window.Sound(0).Select(sample => (int)sample));
    }

    [Fact]
    public void Silence_surrounds_the_sound_of_a_window()
    {
        var sound = Assert.Single(Plan((10, 13))).Sound(2);

        Assert.Equal([0, 0, 10, 11, 12, 0, 0], sound);
    }

    [Fact]
    public void A_long_pause_ends_a_window()
        => Assert.Equal([20L, 200L], Plan((20, 60), (200, 220)).Select(window => window.Voices[0].Start));

    [Fact]
    public void A_full_window_is_cut_at_the_longest_pause_of_its_second_half()
    {
        // Pauses: 40 in the first half, then 10, 18 and 10.
        var windows = Plan((0, 60), (100, 160), (170, 220), (238, 280), (290, 360));

        Assert.Equal(220, windows[0].Voices[^1].End);
        Assert.Equal(238, windows[1].Voices[0].Start);
    }

    [Fact]
    public void Windows_contain_all_speech_once_and_only_a_single_region_may_exceed_a_window()
    {
        var steps = Gen.Zip(Gen.Choose(0, 80), Gen.Choose(1, 300)).ListOf();
        Prop.ForAll(steps.ToArbitrary(), gaps =>
        {
            var (at, voices) = (0, new List<(int, int)>());
            foreach (var (pause, length) in gaps)
            {
                voices.Add((at + pause, at + pause + length));
                at += pause + length;
            }
            var windows = Plan([.. voices]);

            Assert.Equal(voices.Select(voice => new VoiceRegion(voice.Item1, voice.Item2)), windows.SelectMany(window => window.Voices));
            Assert.All(windows, window => Assert.True(window.Length <= 300 || window.Count == 1));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>The value of each sample is its number.</summary>
    private static List<SpeechWindow> Plan(params (int Start, int End)[] voices)
    {
        var sound = new SoundBuffer();
        sound.Append([.. Enumerable.Range(0, voices.Select(voice => voice.End).DefaultIfEmpty(0).Max()).Select(i => (float)i)]);
        var planner = new WindowPlanner(300, 20, 50);
        return [.. voices.SelectMany(voice => planner.Add(new VoiceRegion(voice.Start, voice.End), sound)).ToList(), .. planner.Flush()];
    }
}
