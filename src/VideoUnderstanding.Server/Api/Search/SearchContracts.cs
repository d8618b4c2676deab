using System.Text.Json;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Body of search. CONTRACT 7.1. The query is a text, or a combined query as in section 8.</summary>
public sealed record SearchRequest(
    JsonElement? Query,
    string? IndexId,
    IReadOnlyList<string>? SearchOptions,
    string? GroupBy,
    string? Threshold,
    string? SortOption,
    string? Operator,
    string? ConversationOption,
    int? PageLimit,
    JsonElement? Filter)
{
    private SearchWords Words => new(IndexId, SearchOptions, ConversationOption, Threshold, PageLimit, Filter);

    /// <exception cref="ApiException">The request can not be understood.</exception>
    public SearchOrder Read()
    {
        var isText = Query is not { ValueKind: JsonValueKind.Object };
        SearchReading.Require(("query", Query), ("index_id", IndexId), ("search_options", isText ? SearchOptions : new object()));
        var query = isText
            ? new LeafQuery(new TextQuery(SearchReading.QueryText("query", Query!.Value), Words.Options, Words.Conversation))
            : CombinedQueryReader.Read(Query!.Value, SearchOptions is null ? null : Words.Options, Words.Conversation);
        if (isText)
            SearchReading.CheckCombination(((LeafQuery)query).Query, ConversationOption is not null);
        return new SearchOrder(
            query,
            Words.ReadIndexId,
            SearchReading.OneOf("operator", Operator?.ToLowerInvariant(), OptionOperator.Or, ("or", OptionOperator.Or),
                ("and", OptionOperator.And)),
            Words.Level,
            Words.Limit,
            Words.VideoFilter,
            SearchReading.OneOf("group_by", GroupBy, ResultGrouping.Clip, ("clip", ResultGrouping.Clip), ("video", ResultGrouping.Video)),
            SearchReading.OneOf("sort_option", SortOption, ResultOrder.Score, ("score", ResultOrder.Score),
                ("clip_count", ResultOrder.ClipCount)));
    }
}

/// <summary>Body of combinedSearch. CONTRACT, section 8.</summary>
public sealed record CombinedSearchRequest(
    JsonElement? Query,
    string? IndexId,
    IReadOnlyList<string>? SearchOptions,
    string? ConversationOption,
    string? Threshold,
    int? PageLimit,
    JsonElement? Filter)
{
    private SearchWords Words => new(IndexId, SearchOptions, ConversationOption, Threshold, PageLimit, Filter);

    /// <exception cref="ApiException">The request can not be understood.</exception>
    public SearchOrder Read()
    {
        SearchReading.Require(("query", Query), ("index_id", IndexId));
        if (Query!.Value.ValueKind != JsonValueKind.Object)
            throw SearchReading.Invalid("query",
                "It must be an object: a text with its options, or an operator. Plain text is searched by /search.");
        var query = CombinedQueryReader.Read(Query.Value, SearchOptions is null ? null : Words.Options, Words.Conversation);
        return new SearchOrder(query, Words.ReadIndexId, OptionOperator.Or, Words.Level, Words.Limit, Words.VideoFilter,
            ResultGrouping.Clip, ResultOrder.Score);
    }
}

/// <summary>The members that both searches share, as written and as read.</summary>
internal sealed record SearchWords(
    string? IndexId, IReadOnlyList<string>? SearchOptions, string? ConversationOption, string? Threshold, int? PageLimit,
    JsonElement? Filter)
{
    public string ReadIndexId => Identifier.Require("index_id", IndexId);

    public IReadOnlyList<string> Options => SearchReading.Options("search_options", SearchOptions!);

    public ConversationMatching Conversation => SearchReading.Conversation("conversation_option", ConversationOption);

    public MatchLevel Level => SearchReading.OneOf("threshold", Threshold, MatchLevel.Low,
        ("high", MatchLevel.High), ("medium", MatchLevel.Medium), ("low", MatchLevel.Low), ("none", MatchLevel.None));

    public int Limit => PageLimits.Of(PageLimit);

    public VideoFilter VideoFilter => Filter is { } filter ? FilterReader.Read(filter) : VideoFilter.None;
}

/// <summary>A search request that has been understood.</summary>
/// <param name="Limit">Items on a page.</param>
public sealed record SearchOrder(
    CombinedQuery Query,
    string IndexId,
    OptionOperator Operator,
    MatchLevel Threshold,
    int Limit,
    VideoFilter Filter,
    ResultGrouping Grouping,
    ResultOrder Order)
{
    /// <summary>The query when it is plain text; only then it is told in the answer.</summary>
    public TextQuery? Text => (Query as LeafQuery)?.Query;

    /// <summary>The options of all texts, each once.</summary>
    public IReadOnlyList<string> Options => [.. Query.Leaves().SelectMany(leaf => leaf.Options).Distinct()];
}
