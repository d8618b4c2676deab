using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Combined;

/// <summary>The texts of a query that are asked first: every clip of the answer lies in a video where one of them has a match.</summary>
internal static class Seeds
{
    /// <summary>Of things that must all be there any one will do. The one that is likely to be in the fewest videos is taken, of equal ones
    /// the first.</summary>
    /// <param name="combine">How the options of each text are put together.</param>
    public static IReadOnlyList<TextQuery> Of(CombinedQuery query, OptionOperator combine) => query switch
    {
        LeafQuery { Query: var text }
            => [combine == OptionOperator.And ? text with { Options = [text.Options.MinBy(option => Breadth(option, text))!] } : text],
        NotQuery not => Of(not.Origin, combine),
        JoinQuery { Kind: JoinKind.Or } or => [.. or.Parts.SelectMany(part => Of(part, combine))],
        JoinQuery all => all.Parts.Select(part => Of(part, combine)).MinBy(Breadth)!,
        _ => throw new ArgumentOutOfRangeException(nameof(query), query, null),
    };

    private static int Breadth(IReadOnlyList<TextQuery> seeds) => seeds.Max(text => text.Options.Max(option => Breadth(option, text)));

    /// <summary>The very words are rarer than letters or meanings like theirs, and nearly every video has pictures that are a little like
    /// something.</summary>
    private static int Breadth(string option, TextQuery text) => option switch
    {
        IndexOptions.Conversation when text.Conversation == ConversationMatching.ExactMatch => 0,
        IndexOptions.Logo => 1,
        IndexOptions.TextInVideo => 2,
        IndexOptions.Conversation => 3,
        _ => 4,
    };
}
