using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>100 samples a second; the full window from 8 to 38 s has voices from 10 to 16.2, 17 to 23.2, 24 to 30.2 and 31 to 37.2 s.</summary>
public sealed class WindowReadingTests
{
    private static readonly WhisperFiles Files = ScriptedTalk.Files(1);
    private static readonly VoiceRegion[] Voices = [new(1000, 1620), new(1700, 2320), new(2400, 3020), new(3100, 3720)];
    private static readonly SpeechWindow Full = new(800, 3800, Voices, Continues: true);

    [Fact]
    public void A_sentence_without_its_end_is_left_to_the_next_window_which_hears_nothing_of_what_was_told()
    {
        var reading = Read(Full, (200, 820, [1]), (900, 1520, [2]), (1600, 2220, [3]), (2300, null, [4]));

        Assert.Equal(["w1", "w2", "w3"], reading.Segments.Select(segment => segment.Text));
        Assert.Equal([new VoiceRegion(3100, 3720)], reading.Unfinished);
        Assert.Equal(3100, reading.Resume);
    }

    [Fact]
    public void A_sentence_without_its_end_that_is_alone_stays()
    {
        var reading = Read(Full with { Start = 1000 }, (100, null, [1]));

        Assert.Empty(reading.Unfinished);
        Assert.Equal(new SpeechSegment(11, 38, "w1"), Assert.Single(reading.Segments));
    }

    [Fact]
    public void A_sentence_without_its_end_stays_where_too_little_speech_comes_before_it()
    {
        var reading = Read(Full, (0, 200, [1]), (280, null, [2]));

        Assert.Empty(reading.Unfinished);
        Assert.Equal(["w1", "w2"], reading.Segments.Select(segment => segment.Text));
    }

    [Fact]
    public void Speech_without_words_is_heard_again_with_the_silence_before_it()
    {
        var reading = Read(Full, (200, 820, [1]), (900, 1500, [2]));

        Assert.Equal(Voices[2..], reading.Unfinished);
        // The second voice ends at 23.2 s, its words at 23.
        Assert.Equal(2320, reading.Resume);
    }

    [Fact]
    public void Where_no_speech_got_words_it_is_heard_again_without_the_silence_before_it()
    {
        var first = Read(Full, (0, 200, [ScriptedTalk.ThankYou]));
        var planner = new WindowPlanner(ScriptedTalk.Chunk, 300, 200);
        planner.Return(first.Unfinished, first.Resume);
        var again = Assert.Single(planner.Flush());

        Assert.Equal((1000L, 1000L), (again.Start, again.Voices[0].Start));
        // The same answer once more leaves the first voice behind.
        var second = Read(again with { Continues = true }, (0, 200, [ScriptedTalk.ThankYou]));
        Assert.Equal(1700, second.Unfinished[0].Start);
        Assert.Equal(1620, second.Resume);
    }

    [Fact]
    public void Words_behind_the_end_of_the_window_are_left_out()
    {
        var window = new SpeechWindow(800, 1820, [new(1000, 1750)], Continues: false);

        var reading = Read(window, (200, 820, [1]), (1000, 1300, [2]), (1020, 1200, [3]), (1100, null, [4]));

        Assert.Equal(["w1 10 16.2", "w2 18 18.2"], reading.Segments.Select(segment => FormattableString.Invariant($"{segment.Text} {segment.Start:0.##} {segment.End:0.##}")));
    }

    [Fact]
    public void A_window_that_nothing_follows_has_nothing_unfinished()
        => Assert.Empty(Read(Full with { Continues = false }, (200, 820, [1]), (2300, null, [4])).Unfinished);

    private static WindowReading Read(SpeechWindow window, params (long Start, long? End, int[] Words)[] pieces) => WindowReading.Read(window, ScriptedTalk.Told(Files, pieces), Files);
}
