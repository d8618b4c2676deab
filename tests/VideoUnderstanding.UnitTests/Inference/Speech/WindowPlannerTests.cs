using FsCheck;
using FsCheck.Fluent;
using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>Chunks of 300 samples, pauses of more than 50 end a window, margins of 10.</summary>
public sealed class WindowPlannerTests
{
    [Fact]
    public void Speech_that_fits_is_one_window_with_its_margins()
    {
        var window = Assert.Single(Plan((20, 60), (80, 120)));

        Assert.Equal((10L, 130L, false), (window.Start, window.End, window.Continues));
        Assert.Equal(2, window.Voices.Count);
    }

    [Fact]
    public void A_long_pause_ends_a_window_that_needs_no_sequel()
    {
        var windows = Plan((20, 60), (200, 220));

        Assert.Equal([(10L, 70L), (190L, 230L)], windows.Select(window => (window.Start, window.End)));
        Assert.All(windows, window => Assert.False(window.Continues));
    }

    [Fact]
    public void A_full_window_is_cut_at_the_longest_pause_of_its_second_half()
    {
        // Pauses: 40 in the first half, then 10, 30 and 10.
        var windows = Plan((0, 60), (100, 160), (170, 220), (250, 280), (290, 340));

        Assert.Equal(220, windows[0].Voices[^1].End);
        Assert.True(windows[0].Continues);
        Assert.Equal(250, windows[1].Voices[0].Start);
        Assert.False(windows[1].Continues);
    }

    [Fact]
    public void Returned_speech_comes_before_what_waits()
    {
        var planner = new WindowPlanner(300, 50, 10);
        planner.Add(new VoiceRegion(100, 200));

        planner.Return([new VoiceRegion(40, 90)], 30);

        Assert.Equal([40L, 100L], Assert.Single(planner.Flush()).Voices.Select(voice => voice.Start));
    }

    [Fact]
    public void Windows_hold_all_speech_once_in_order_and_never_more_than_a_chunk()
    {
        var steps = Gen.Zip(Gen.Choose(0, 80), Gen.Choose(1, 300)).ListOf();
        Prop.ForAll(steps.ToArbitrary(), gaps =>
        {
            var (at, voices) = (0L, new List<VoiceRegion>());
            foreach (var (pause, length) in gaps)
            {
                voices.Add(new VoiceRegion(at + pause, at + pause + length));
                at += pause + length;
            }
            var planner = new WindowPlanner(300, 50, 10);
            var windows = voices.SelectMany(planner.Add).ToList().Concat(planner.Flush()).ToList();

            Assert.Equal(voices, windows.SelectMany(window => window.Voices));
            Assert.All(windows, window => Assert.InRange(window.Length, 1, 300));
            Assert.All(windows, window => Assert.True(window.Start <= window.Voices[0].Start && window.End >= window.Voices[^1].End));
            Assert.All(windows.Zip(windows.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start));
        }).QuickCheckThrowOnFailure();
    }

    private static List<SpeechWindow> Plan(params (long Start, long End)[] voices)
    {
        var planner = new WindowPlanner(300, 50, 10);
        return [.. voices.SelectMany(voice => planner.Add(new VoiceRegion(voice.Start, voice.End))).ToList(), .. planner.Flush()];
    }
}
