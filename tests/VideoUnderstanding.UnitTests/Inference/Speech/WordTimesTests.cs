using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class WordTimesTests
{
    private const int Rate = 1000;
    private const int Padding = 200;

    [Fact]
    public void The_first_and_last_word_of_a_region_take_its_borders_without_padding()
    {
        var window = Window(new VoiceRegion(10_000, 11_000), new VoiceRegion(15_000, 16_000));

        var placed = WordTimes.Place([Word(0.1), Word(0.7), Word(1.3)], window, Padding, Rate);

        Assert.Equal([10.2, 10.7, 15.2], placed.Select(word => word.Start));
        Assert.Equal([10.7, 10.8, 15.8], placed.Select(word => word.End));
    }

    [Fact]
    public void The_first_word_of_a_region_that_touches_the_one_before_keeps_its_time_within_the_padding()
    {
        var window = Window(new VoiceRegion(10_000, 11_000), new VoiceRegion(11_000, 12_000));

        var early = WordTimes.Place([Word(0.1), Word(1.05)], window, Padding, Rate);
        var late = WordTimes.Place([Word(0.1), Word(1.7)], window, Padding, Rate);

        Assert.Equal(11.05, early[1].Start, 3);
        Assert.Equal(11.2, late[1].Start, 3);
    }

    [Fact]
    public void A_word_that_is_placed_in_a_pause_is_moved_into_its_region()
    {
        var window = Window(new VoiceRegion(10_000, 11_000), new VoiceRegion(15_000, 16_000));

        // The last word is in the shortened pause, 0.1 s after the first region.
        var placed = WordTimes.Place([Word(0.1), Word(0.8), Word(1.1)], window, Padding, Rate);

        Assert.All(placed, word => Assert.Contains(
            window.Voices, voice => word.Start * Rate >= voice.Start && word.End * Rate <= voice.End));
    }

    [Fact]
    public void Isolated_words_whose_times_are_late_get_a_region_each()
    {
        var window = Window(
            new VoiceRegion(10_000, 10_900), new VoiceRegion(12_000, 12_900), new VoiceRegion(14_000, 14_900),
            new VoiceRegion(16_000, 16_900));

        // The third word has a time in the fourth region, as from Whisper base for names of weekdays.
        var placed = WordTimes.Place([Word(0.3), Word(2.2), Word(4.3), Word(4.4)], window, Padding, Rate);

        Assert.Equal([10.2, 12.2, 14.2, 16.2], placed.Select(word => word.Start));
    }

    [Fact]
    public void A_short_noise_attracts_no_distant_word()
    {
        var window = Window(new VoiceRegion(10_000, 12_000), new VoiceRegion(13_000, 13_600), new VoiceRegion(14_500, 16_000));

        var placed = WordTimes.Place([Word(0.1), Word(0.8), Word(4.4), Word(4.8)], window, Padding, Rate);

        Assert.DoesNotContain(placed, word => word.Start is > 12 and < 14);
    }

    private static SpokenWord Word(double start) => new(start, start + 0.2, " word");

    /// <summary>Pauses are shortened to 500 samples.</summary>
    private static SpeechWindow Window(params VoiceRegion[] voices)
    {
        var window = new SpeechWindow();
        var end = voices[0].Start;
        foreach (var voice in voices)
        {
            var start = Math.Max(end, voice.Start - 500);
            window.Add(voice, start, new float[voice.End - start]);
            end = voice.End;
        }
        return window;
    }
}
