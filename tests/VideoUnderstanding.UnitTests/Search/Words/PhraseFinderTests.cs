using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.UnitTests.Search.Words;

public sealed class PhraseFinderTests
{
    private static readonly TimedText[] Segments =
    [
        new(0, 2, "The tug is leaving"),
        new(2.5, 4.1, "berth four. Over and"),
        new(6, 7, "over."),
        new(9, 12, "Over and over and over again."),
    ];

    [Fact]
    public void Words_inside_a_segment_have_its_times()
        => Assert.Equal([new TimedText(2.5, 4.1, "berth four. Over and")], Find("Berth four"));

    [Fact]
    public void Words_across_a_border_join_the_segments()
        => Assert.Equal([new TimedText(0, 4.1, "The tug is leaving berth four. Over and")], Find("LEAVING, berth"));

    [Fact]
    public void Hits_that_share_a_segment_are_one()
        => Assert.Equal([(2.5, 7), (9, 12)], Find("over and over").Select(hit => (hit.Start, hit.End)));

    [Fact]
    public void Another_order_is_not_a_hit() => Assert.Empty(Find("four berth"));

    [Fact]
    public void Parts_of_words_are_not_a_hit() => Assert.Empty(Find("leav"));

    [Fact]
    public void A_query_without_words_finds_nothing() => Assert.Empty(Find("?!"));

    [Fact]
    public void Hits_equal_those_of_an_exhaustive_search()
    {
        var random = new Random(11);
        for (var round = 0; round < 500; round++)
        {
            // Only two letters, so that overlapping and crossing occurrences are frequent.
            var segments = Enumerable.Range(0, 12)
                .Select(i => new TimedText(i, i + 1, string.Join(' ', Letters(random, random.Next(0, 4))))).ToArray();
            var phrase = Letters(random, random.Next(1, 6));
            var words = segments.SelectMany(segment => segment.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(word => (word, segment.Start))).ToArray();
            var expected = Enumerable.Range(0, Math.Max(0, words.Length - phrase.Length + 1))
                .Where(at => words.Skip(at).Take(phrase.Length).Select(pair => pair.word).SequenceEqual(phrase))
                .SelectMany(at => words.Skip(at).Take(phrase.Length).Select(pair => pair.Start)).Distinct();
            var found = PhraseFinder.Find(phrase, segments)
                .SelectMany(hit => words.Where(pair => pair.Start >= hit.Start && pair.Start < hit.End).Select(pair => pair.Start))
                .Distinct();
            Assert.Equal(expected.Order(), found.Order());
        }
    }

    private static string[] Letters(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? "a" : "b")];

    private static IReadOnlyList<TimedText> Find(string phrase) => PhraseFinder.Find(PlainWords.Of(phrase), Segments);
}
