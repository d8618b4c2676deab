using System.Text.Json;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Parses a combined query: a text, or exactly one operator. CONTRACT, section 8.</summary>
/// <remarks>Depth and number of texts are limited, because each text is a separate search.</remarks>
internal sealed class CombinedQueryReader
{
    private const int MaxLevels = 16;
    private const int MaxTexts = 50;
    private const string AdjacencyName = "adjacency_threshold";

    /// <summary>The name of <see cref="AdjacencyName"/> since 1.1.1.</summary>
    private const string ProximityName = "proximity";

    private static readonly Dictionary<string, JoinKind> Joins = new()
    {
        ["$and"] = JoinKind.And, ["$or"] = JoinKind.Or, ["$then"] = JoinKind.Then,
    };

    private readonly IReadOnlyList<string>? _options;
    private readonly ConversationMatching _conversation;
    private int _texts;

    private CombinedQueryReader(IReadOnlyList<string>? options, ConversationMatching conversation)
        => (_options, _conversation) = (options, conversation);

    /// <param name="options">Default options for texts without options; null if the request has none.</param>
    /// <param name="conversation">Default for texts without a conversation option.</param>
    /// <exception cref="ApiException">The query does not conform to CONTRACT, section 8.</exception>
    public static CombinedQuery Read(JsonElement query, IReadOnlyList<string>? options, ConversationMatching conversation)
        => new CombinedQueryReader(options, conversation).Node(query, "query", 1);

    private CombinedQuery Node(JsonElement node, string path, int level)
    {
        if (node.ValueKind != JsonValueKind.Object)
            throw SearchParsing.Invalid(path, "It must be an object: a text with its options, or an operator.");
        if (level > MaxLevels)
            throw SearchParsing.Invalid(path, $"Operators may be nested {MaxLevels - 1} levels deep.");
        var members = node.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null).ToList();
        var kinds = members.Where(member => member.Name is "text" or "$not" || Joins.ContainsKey(member.Name)).ToList();
        if (kinds.Count != 1)
            throw SearchParsing.Invalid(path, $"It must have exactly one of the following: text, {string.Join(", ", Joins.Keys)}, $not.");
        if (kinds[0].Name == "text")
            return Leaf(kinds[0].Value, members, path);
        var adjacency = Adjacency(members, kinds[0].Name, path);
        return kinds[0].Name == "$not"
            ? Not(kinds[0].Value, adjacency, $"{path}.$not", level)
            : new JoinQuery(Joins[kinds[0].Name], Parts(kinds[0].Value, $"{path}.{kinds[0].Name}", level), adjacency);
    }

    private LeafQuery Leaf(JsonElement text, List<JsonProperty> members, string path)
    {
        if (++_texts > MaxTexts)
            throw SearchParsing.Invalid("query", $"It must have at most {MaxTexts} texts.");
        var (own, matching) = (_options, (string?)null);
        foreach (var member in members)
        {
            if (member.Name == "search_options")
                own = Options(member.Value, $"{path}.{member.Name}");
            else if (member.Name == "conversation_option")
                matching = member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()
                    : throw SearchParsing.Invalid($"{path}.{member.Name}", "It must be a text.");
            else if (member.Name is AdjacencyName or ProximityName)
                throw SearchParsing.Invalid($"{path}.{member.Name}", "It belongs beside an operator, not beside a text.");
            else if (member.Name != "text")
                throw new ApiException(ApiError.Unknown($"{path}.{member.Name}", ["text", "search_options", "conversation_option"]));
        }
        if (own is null)
            throw new ApiException(ApiError.Missing($"{path}.search_options"));
        var query = new TextQuery(
            SearchParsing.QueryText($"{path}.text", text), own,
            matching is null ? _conversation : SearchParsing.Conversation($"{path}.conversation_option", matching));
        SearchParsing.CheckCombination(query, matching is not null);
        return new LeafQuery(query);
    }

    private static IReadOnlyList<string> Options(JsonElement names, string path)
        => names.ValueKind == JsonValueKind.Array && names.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String)
            ? SearchParsing.Options(path, [.. names.EnumerateArray().Select(name => name.GetString())])
            : throw SearchParsing.Invalid(path, "It must be a list of one or more search options.");

    private IReadOnlyList<CombinedQuery> Parts(JsonElement parts, string path, int level)
        => parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > 0
            ? [.. parts.EnumerateArray().Select((part, i) => Node(part, $"{path}[{i}]", level + 1))]
            : throw SearchParsing.Invalid(path, "It must be a list of one or more queries.");

    private NotQuery Not(JsonElement not, double adjacency, string path, int level)
    {
        if (not.ValueKind != JsonValueKind.Object)
            throw SearchParsing.Invalid(path, "It must be an object with origin and sub.");
        foreach (var member in not.EnumerateObject().Where(member => member.Name is not ("origin" or "sub")))
            throw new ApiException(ApiError.Unknown($"{path}.{member.Name}", ["origin", "sub"]));
        JsonElement? origin = not.TryGetProperty("origin", out var first) ? first : null,
            sub = not.TryGetProperty("sub", out var second) ? second : null;
        SearchParsing.Require(($"{path}.origin", origin), ($"{path}.sub", sub));
        return new NotQuery(Node(origin!.Value, $"{path}.origin", level + 1), Node(sub!.Value, $"{path}.sub", level + 1), adjacency);
    }

    private static double Adjacency(List<JsonProperty> members, string kind, string path)
    {
        double? seconds = null;
        foreach (var member in members.Where(member => member.Name != kind))
        {
            if (member.Name is not (AdjacencyName or ProximityName))
                throw new ApiException(ApiError.Unknown($"{path}.{member.Name}", [AdjacencyName, ProximityName]));
            if (seconds is not null)
                throw SearchParsing.Invalid($"{path}.{member.Name}",
                    $"{AdjacencyName} and {ProximityName} are two names of one parameter; give one of them.");
            if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetDouble(out var value) || !double.IsFinite(value)
                || value < 0)
                throw SearchParsing.Invalid($"{path}.{member.Name}", "It must be a number of seconds, 0 or more.");
            seconds = value;
        }
        return seconds ?? 0;
    }
}
