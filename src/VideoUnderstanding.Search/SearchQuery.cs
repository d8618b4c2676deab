using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search;

/// <summary>How the matches of several options are put together. CONTRACT 7.3.</summary>
public enum OptionOperator
{
    /// <summary>Any option is enough.</summary>
    Or,

    /// <summary>Every option must match.</summary>
    And,
}

/// <summary>How the conversation option compares.</summary>
public enum ConversationMatching
{
    Semantic,

    /// <summary>The very words, in their order.</summary>
    ExactMatch,
}

/// <summary>One text, looked for by one or several options.</summary>
/// <param name="Options">Any of <see cref="VideoUnderstanding.Data.Entities.IndexOptions"/>, each once.</param>
public sealed record TextQuery(
    string Text, IReadOnlyList<string> Options, ConversationMatching Conversation = ConversationMatching.Semantic)
{
    /// <summary>Longest text, in characters. Models read some 60 words; more is a mistake.</summary>
    public const int MaxLength = 2_000;
}

/// <summary>A text query inside one search index.</summary>
/// <param name="Threshold">The lowest level of a clip that is kept; <see cref="MatchLevel.None"/> keeps everything.</param>
public sealed record SearchQuery(
    string IndexId,
    TextQuery Query,
    OptionOperator Operator = OptionOperator.Or,
    MatchLevel Threshold = MatchLevel.Low,
    VideoFilter? Filter = null)
{
    /// <summary>Where the query looks.</summary>
    public SearchScope Scope => new(IndexId, Filter ?? VideoFilter.None);
}

/// <summary>The videos of one index that are searchable and pass a filter.</summary>
public sealed record SearchScope(string IndexId, VideoFilter Filter)
{
    /// <summary>The tables that hold the rows of the index.</summary>
    internal SearchTableNames Tables { get; init; } = SearchTableNames.Shared;
}
