using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search;

/// <summary>How the matches of several options are combined. CONTRACT 7.3.</summary>
public enum OptionOperator
{
    /// <summary>At least one option must match.</summary>
    Or,

    /// <summary>Every option must match.</summary>
    And,
}

/// <summary>How the option conversation compares text.</summary>
public enum ConversationMatching
{
    Semantic,

    /// <summary>The exact words in order.</summary>
    ExactMatch,
}

/// <summary>A text that is searched with one or more options.</summary>
/// <param name="Options">Any of <see cref="VideoUnderstanding.Data.Entities.IndexOptions"/>, each once.</param>
public sealed record TextQuery(
    string Text, IReadOnlyList<string> Options, ConversationMatching Conversation = ConversationMatching.Semantic)
{
    /// <summary>Maximum length in characters. Embedding models read about 60 words.</summary>
    public const int MaxLength = 2_000;
}

/// <summary>A text query in one search index.</summary>
/// <param name="Threshold">Minimum level of a clip; <see cref="MatchLevel.None"/> returns everything.</param>
public sealed record SearchQuery(
    string IndexId,
    TextQuery Query,
    OptionOperator Operator = OptionOperator.Or,
    MatchLevel Threshold = MatchLevel.Low,
    VideoFilter? Filter = null)
{
    /// <summary>The index and filter of the query.</summary>
    public SearchScope Scope => new(IndexId, Filter ?? VideoFilter.None);
}

/// <summary>The searchable videos of one index that pass a filter.</summary>
public sealed record SearchScope(string IndexId, VideoFilter Filter)
{
    /// <summary>Tables with the rows of the index.</summary>
    internal SearchTableNames Tables { get; init; } = SearchTableNames.Shared;
}
