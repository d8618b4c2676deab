using VideoUnderstanding.Inference.Speech;

namespace VideoUnderstanding.UnitTests.Inference.Speech;

/// <summary>A small vocabulary: 0 to 9 text, 10 the end, 11 start, 12 language, 13 no times, from 14 on the times.</summary>
public sealed class TimestampRulesTests
{
    private const int End = 10;
    private const int FirstTime = 14;
    private const int Size = 40;

    [Fact]
    public void A_transcript_begins_with_a_time() => Assert.Equal(Enumerable.Range(FirstTime, Size - FirstTime), Allowed([]));

    [Fact]
    public void A_transcript_begins_no_later_than_the_limit() => Assert.Equal([14, 15, 16], Allowed([], Rules(latest: 2)));

    [Fact]
    public void Text_follows_an_opening_time()
        // The end too: a sound may hold nothing more.
        => Assert.Equal(Enumerable.Range(0, 11), Allowed([16]));

    [Fact]
    public void After_text_comes_more_text_or_a_later_time()
        => Assert.Equal([.. Enumerable.Range(0, 11), .. Enumerable.Range(17, Size - 17)], Allowed([16, 1, 2]));

    [Fact]
    public void After_a_closing_time_comes_the_next_opening_one_or_the_end()
        => Assert.Equal([End, .. Enumerable.Range(20, Size - 20)], Allowed([16, 1, 20]));

    [Fact]
    public void Suppressed_tokens_never_come()
        => Assert.Equal([0, 1, 2, 4, 5, 6, 7, 8, 9, 10], Allowed([16], Rules(suppressed: [3, -1])));

    [Fact]
    public void A_time_must_come_when_all_times_together_are_likelier_than_any_word()
    {
        var logits = new float[Size];
        logits[1] = 2;
        // Each time is less likely than the word, all 23 that are allowed together are more so: 1 + ln 23 > 2.
        Array.Fill(logits, 1, FirstTime, Size - FirstTime);

        Rules().Apply(logits, [16, 1, 2]);

        Assert.All(logits[..FirstTime], logit => Assert.Equal(float.NegativeInfinity, logit));
    }

    [Fact]
    public void A_likely_word_wins_over_scattered_times()
    {
        var logits = new float[Size];
        logits[1] = 9;

        Rules().Apply(logits, [16, 1, 2]);

        Assert.Equal(9, logits[1]);
    }

    private static IEnumerable<int> Allowed(int[] chosen, TimestampRules? rules = null)
    {
        var logits = new float[Size];
        // Words are likelier than all times together, so that no rule but the one under test hides them.
        Array.Fill(logits, 20, 0, FirstTime);
        (rules ?? Rules()).Apply(logits, chosen);
        return Enumerable.Range(0, Size).Where(token => !float.IsNegativeInfinity(logits[token]));
    }

    private static TimestampRules Rules(int? latest = null, int[]? suppressed = null) => new(
        new WhisperConfig
        {
            EndOfText = End, Start = 11, NoTimestamps = 13, MaxTokens = 448, EncoderPositions = 1500, Heads = 1, Width = 1, VocabularySize = Size,
            Suppressed = suppressed ?? [], SuppressedAtBegin = [End], LatestFirstTimestamp = latest,
        },
        FirstTime, Size, token => token >= 10);
}
