using VideoUnderstanding.Indexing.Speech;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class SpeechSentencesTests
{
    [Fact]
    public void A_short_segment_stays_whole_because_its_times_are_measured()
        => Assert.Equal([new SpokenText(1, 6, "One thing. Another thing.")], SpeechSentences.Cut(1, 6, " One thing. Another thing. "));

    [Fact]
    public void A_long_segment_is_cut_at_its_sentences_and_shares_its_time_out()
    {
        var pieces = SpeechSentences.Cut(10, 30, "Aaaaaaaaa. Bbbbbbbbbbbbbbbbbbbbbbbbbbbb? Cccccccc!").ToList();
        Assert.Equal(["Aaaaaaaaa.", "Bbbbbbbbbbbbbbbbbbbbbbbbbbbb?", "Cccccccc!"], pieces.Select(piece => piece.Text));
        Assert.Equal((10.0, 30.0), (pieces[0].Start, pieces[^1].End));
        Assert.Equal(pieces[0].End, pieces[1].Start);
        Assert.Equal(10 + 20.0 * 10 / 48, pieces[0].End, 9);
    }

    [Fact]
    public void Points_inside_numbers_and_abbreviated_names_do_not_cut()
        => Assert.Single(SpeechSentences.Cut(0, 20, "it costs 3.50 in all e.g. here and there"));

    [Fact]
    public void Nothing_said_is_nothing() => Assert.Empty(SpeechSentences.Cut(0, 20, "  "));
}
