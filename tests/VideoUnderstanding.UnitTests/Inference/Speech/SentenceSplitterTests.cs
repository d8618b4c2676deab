using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

public sealed class SentenceSplitterTests
{
    private readonly SentenceSplitter _splitter = new(0.3);

    [Fact]
    public void A_segment_ends_with_its_sentence()
        => Assert.Equal(["One thing.", "Another thing?", "And more"],
            Texts(Words(0, " One", " thing.", " Another", " thing?", " And", " more")));

    [Fact]
    public void A_sentence_continues_in_the_next_window()
    {
        var (first, second) = (Words(0, " It", " starts", " here"), Words(1.5, " and", " ends", " there."));

        SpeechSegment[] segments = [.. _splitter.Add(first, "en"), .. _splitter.Add(second, "en"), .. _splitter.Flush()];

        var segment = Assert.Single(segments);
        Assert.Equal("It starts here and ends there.", segment.Text);
        Assert.Equal((0, 3), (segment.Start, segment.End));
        Assert.Equal(["It", "starts", "here", "and", "ends", "there."], segment.Words.Select(word => word.Text));
    }

    [Fact]
    public void A_pause_ends_a_segment_inside_a_sentence()
        => Assert.Equal(["ask not", "what you can do"],
            Texts([.. Words(0, " ask", " not"), .. Words(1.4, " what", " you", " can", " do")]));

    [Fact]
    public void Another_language_starts_a_segment()
    {
        SpeechSegment[] segments = [.. _splitter.Add(Words(0, " Hello"), "en"), .. _splitter.Add(Words(0.5, " Hallo"), "de"),
            .. _splitter.Flush()];

        Assert.Equal([("Hello", "en"), ("Hallo", "de")], segments.Select(segment => (segment.Text, segment.Language)));
    }

    [Fact]
    public void The_full_stop_of_an_initial_does_not_end_a_sentence()
        => Assert.Equal(["John F. Kennedy spoke."], Texts(Words(0, " John", " F.", " Kennedy", " spoke.")));

    [Fact]
    public void Speech_without_an_end_is_cut_after_half_a_minute()
    {
        var segments = Texts(Words(0, [.. Enumerable.Repeat(" on", 100)]));

        Assert.Equal(2, segments.Count);
    }

    private List<string> Texts(SpokenWord[] words)
        => [.. _splitter.Add(words, "en").ToList().Concat(_splitter.Flush()).Select(segment => segment.Text)];

    /// <summary>Words of half a second each, without pauses.</summary>
    private static SpokenWord[] Words(double start, params string[] texts)
        => [.. texts.Select((text, i) => new SpokenWord(start + i * 0.5, start + (i + 1) * 0.5, text))];
}
