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
    private SearchFields Fields => new(IndexId, SearchOptions, ConversationOption, Threshold, PageLimit, Filter);

    /// <exception cref="ApiException">The request is invalid.</exception>
    public SearchParameters Read()
    {
        var isText = Query is not { ValueKind: JsonValueKind.Object };
        SearchParsing.Require(("query", Query), ("index_id", IndexId), ("search_options", isText ? SearchOptions : new object()));
        var query = isText
            ? new LeafQuery(new TextQuery(SearchParsing.QueryText("query", Query!.Value), Fields.Options, Fields.Conversation))
            : CombinedQueryReader.Read(Query!.Value, SearchOptions is null ? null : Fields.Options, Fields.Conversation);
        if (isText)
            SearchParsing.CheckCombination(((LeafQuery)query).Query, ConversationOption is not null);
        return new SearchParameters(
            query,
            Fields.ReadIndexId,
            SearchParsing.OneOf("operator", Operator?.ToLowerInvariant(), OptionOperator.Or, ("or", OptionOperator.Or),
                ("and", OptionOperator.And)),
            Fields.Level,
            Fields.Limit,
            Fields.VideoFilter,
            SearchFields.Grouping(GroupBy),
            SearchFields.Order(SortOption));
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
    private SearchFields Fields => new(IndexId, SearchOptions, ConversationOption, Threshold, PageLimit, Filter);

    /// <exception cref="ApiException">The request is invalid.</exception>
    public SearchParameters Read()
    {
        SearchParsing.Require(("query", Query), ("index_id", IndexId));
        if (Query!.Value.ValueKind != JsonValueKind.Object)
            throw SearchParsing.Invalid("query",
                "It must be an object: a text with its options, or an operator. Plain text is searched by /search.");
        var query = CombinedQueryReader.Read(Query.Value, SearchOptions is null ? null : Fields.Options, Fields.Conversation);
        return new SearchParameters(query, Fields.ReadIndexId, OptionOperator.Or, Fields.Level, Fields.Limit, Fields.VideoFilter,
            ResultGrouping.Clip, ResultOrder.Score);
    }
}

/// <summary>The members that all search requests have, as sent and as parsed.</summary>
internal sealed record SearchFields(
    string? IndexId, IReadOnlyList<string>? SearchOptions, string? ConversationOption, string? Threshold, int? PageLimit,
    JsonElement? Filter)
{
    public string ReadIndexId => Identifier.Require("index_id", IndexId);

    public IReadOnlyList<string> Options => SearchParsing.Options("search_options", SearchOptions!);

    public ConversationMatching Conversation => SearchParsing.Conversation("conversation_option", ConversationOption);

    public MatchLevel Level => SearchParsing.OneOf("threshold", Threshold, MatchLevel.Low,
        ("high", MatchLevel.High), ("medium", MatchLevel.Medium), ("low", MatchLevel.Low), ("none", MatchLevel.None));

    public int Limit => PageLimits.Validate(PageLimit);

    public VideoFilter VideoFilter => Filter is { } filter ? FilterReader.Read(filter) : VideoFilter.None;

    public static ResultGrouping Grouping(string? name) => SearchParsing.OneOf("group_by", name, ResultGrouping.Clip,
        ("clip", ResultGrouping.Clip), ("video", ResultGrouping.Video));

    public static ResultOrder Order(string? name) => SearchParsing.OneOf("sort_option", name, ResultOrder.Score,
        ("score", ResultOrder.Score), ("clip_count", ResultOrder.ClipCount));
}

/// <summary>Validated parameters of a search.</summary>
/// <param name="Limit">Maximum items per page.</param>
public sealed record SearchParameters(
    CombinedQuery Query,
    string IndexId,
    OptionOperator Operator,
    MatchLevel Threshold,
    int Limit,
    VideoFilter Filter,
    ResultGrouping Grouping,
    ResultOrder Order)
{
    /// <summary>The query if it is plain text, otherwise null. Only plain text is repeated in the response.</summary>
    public TextQuery? Text => (Query as LeafQuery)?.Query;

    /// <summary>The distinct options of all texts.</summary>
    public IReadOnlyList<string> Options => [.. Query.Leaves().SelectMany(leaf => leaf.Options).Distinct()];
}
