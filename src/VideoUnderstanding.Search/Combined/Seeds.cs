using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Search.Combined;

/// <summary>The texts of a query that are searched first. Each clip of the answer lies in a video with a match of at least one
/// seed.</summary>
internal static class Seeds
{
    /// <summary>If several texts are required, any one is a sufficient seed; the one likely to match the fewest videos is selected, and the
    /// first of equal ones.</summary>
    /// <param name="combine">How the matches of the options of each text are combined.</param>
    public static IReadOnlyList<TextQuery> Of(CombinedQuery query, OptionOperator combine) => query switch
    {
        LeafQuery { Query: var text }
            => [combine == OptionOperator.And ? text with { Options = [text.Options.MinBy(option => Frequency(option, text))!] } : text],
        NotQuery not => Of(not.Origin, combine),
        JoinQuery { Kind: JoinKind.Or } or => [.. or.Parts.SelectMany(part => Of(part, combine))],
        JoinQuery all => all.Parts.Select(part => Of(part, combine)).MinBy(Frequency)!,
        _ => throw new ArgumentOutOfRangeException(nameof(query), query, null),
    };

    private static int Frequency(IReadOnlyList<TextQuery> seeds)
        => seeds.Max(text => text.Options.Max(option => Frequency(option, text)));

    /// <summary>Expected number of matching videos, as a rank. Exact words are rarest; almost every video has frames with some similarity
    /// to any text.</summary>
    private static int Frequency(string option, TextQuery text) => option switch
    {
        IndexOptions.Conversation when text.Conversation == ConversationMatching.ExactMatch => 0,
        IndexOptions.Logo => 1,
        IndexOptions.TextInVideo => 2,
        IndexOptions.Conversation => 3,
        _ => 4,
    };
}
