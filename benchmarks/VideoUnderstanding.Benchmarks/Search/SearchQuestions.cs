using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>One kind of search, with different words in each round.</summary>
internal sealed record SearchQuestion(string Name, Func<int, SearchQuery> Of);

/// <param name="said">Spoken sentences of the large index, one per round.</param>
/// <param name="saidCyrillic">The same with Cyrillic letters.</param>
internal sealed class SearchQuestions(string large, string small, IReadOnlyList<string> said, IReadOnlyList<string> saidCyrillic)
{
    /// <summary>Ranks of words: one occurs in one of 20 sentences, the other in one of 3,000.</summary>
    private const int Common = 20, Rare = 3_000;

    public IEnumerable<SearchQuestion> All()
    {
        var filter = new VideoFilter([new FieldEquals(SearchFill.Filter.Field, SearchFill.Filter.Value)]);
        yield return new("visual", round => Question(large, Scene(round), IndexOptions.Visual));
        yield return new("visual, filter to 1 %", round => Question(large, Scene(round), IndexOptions.Visual) with { Filter = filter });
        yield return new("visual, small index", round => Question(small, Scene(round), IndexOptions.Visual));
        yield return new("conversation, common word", round => Question(large, Word(Common, round), IndexOptions.Conversation));
        yield return new("conversation, rare word", round => Question(large, Word(Rare, round), IndexOptions.Conversation));
        yield return new("conversation, common and rare word",
            round => Question(large, $"{Word(Common, round)} {Word(Rare, round)}", IndexOptions.Conversation));
        yield return new("conversation, a spoken sentence", round => Question(large, said[round], IndexOptions.Conversation));
        yield return new("conversation, 2,000 characters", round => Question(large, Long(round), IndexOptions.Conversation));
        yield return new("conversation, filter to 1 %",
            round => Question(large, $"{Word(Common, round)} {Word(Rare, round)}", IndexOptions.Conversation) with { Filter = filter });
        yield return new("conversation, small index",
            round => Question(small, $"{Word(Common, round)} {Word(Rare, round)}", IndexOptions.Conversation));
        yield return new("exact phrase", round => Exact(Phrase(said[round])));
        yield return new("exact phrase, Cyrillic", round => Exact(Phrase(saidCyrillic[round])));
        yield return new("exact phrase, two common words", round => Exact($"{Word(Common, round)} {Word(Common, round + 1)}"));
        yield return new("exact phrase, filter to 1 %", round => Exact(Phrase(said[round])) with { Filter = filter });
        yield return new("text_in_video, two words",
            round => Question(large, $"{Word(Common, round)} {Word(Rare, round)}", IndexOptions.TextInVideo));
        yield return new("text_in_video, 2,000 characters", round => Question(large, Long(round), IndexOptions.TextInVideo));
        yield return new("logo", _ => Question(large, "nike", IndexOptions.Logo));
        yield return new("visual, conversation, text_in_video",
            round
                => Question(large, $"{Word(Common, round)} {Word(Rare, round)}", IndexOptions.Visual, IndexOptions.Conversation,
                    IndexOptions.TextInVideo));
    }

    private SearchQuery Exact(string text)
        => new(large, new TextQuery(text, [IndexOptions.Conversation], ConversationMatching.ExactMatch), Threshold: MatchLevel.Low);

    private static SearchQuery Question(string index, string text, params string[] options) => new(index, new TextQuery(text, options));

    private static string Scene(int round) => $"scene {round * 37}";

    private static string Word(int rank, int round) => SyntheticText.Word(rank + round);

    private static string Phrase(string sentence) => string.Join(' ', sentence.Split(' ').Skip(1).Take(3));

    private static string Long(int round)
        => SyntheticText.Sentence(new Random(round), 280) is var text && text.Length > TextQuery.MaxLength ? text[..TextQuery.MaxLength]
            : text;
}
