using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Facts of schemas that C# types cannot express, from <c>facts.json</c>: descriptions, ranges, enumerations, and schemas written
/// by hand.</summary>
internal static class SchemaFacts
{
    private static readonly JsonObject Facts = EmbeddedJson.Read("facts.json");

    /// <summary>Names of the schemas that are written by hand.</summary>
    public static IEnumerable<string> Names => Facts["schemas"]!.AsObject().Select(schema => schema.Key);

    /// <summary>Returns a schema written by hand with the descriptions of its members; null if there is none.</summary>
    public static JsonNode? Schema(string name)
    {
        var schema = Facts["schemas"]![name]?.DeepClone();
        DescribeMembers(schema, name);
        return schema;
    }

    /// <summary>Returns schema and description of a query or path parameter. A bound such as <c>field[gte]</c> has those of its
    /// field.</summary>
    public static JsonObject? Parameter(string name) => Facts["parameters"]![name.Split('[')[0]]?.DeepClone().AsObject();

    /// <summary>Returns additional facts of a member: of this record, otherwise of all members of that name.</summary>
    public static JsonObject? Member(string record, string member) => Find("members", record, member)?.AsObject();

    /// <summary>Adds description and example to the schema of a member that has none.</summary>
    public static void Describe(JsonObject schema, string record, string member)
    {
        if (!schema.ContainsKey("description") && Find("texts", record, member) is { } text)
            schema["description"] = text;
        if (!schema.ContainsKey("examples") && Find("examples", record, member) is { } example)
            schema["examples"] = new JsonArray(example);
    }

    private static void DescribeMembers(JsonNode? node, string record)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                DescribeMembers(item, record);
        if (node is not JsonObject schema)
            return;
        foreach (var (name, property) in schema["properties"]?.AsObject() ?? [])
            Describe(property!.AsObject(), record, name);
        foreach (var (_, value) in schema)
            DescribeMembers(value, record);
    }

    private static JsonNode? Find(string section, string record, string member)
        => (Facts[section]![$"{record}.{member}"] ?? Facts[section]![$"*.{member}"])?.DeepClone();
}

/// <summary>Reads embedded JSON files.</summary>
internal static class EmbeddedJson
{
    public static JsonObject Read(string name)
    {
        using var stream = typeof(EmbeddedJson).Assembly.GetManifestResourceStream($"VideoUnderstanding.Server.Documents.{name}")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
