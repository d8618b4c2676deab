using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>What the types of C# can not say of the wire: ranges, words, and the shapes that are read by hand. From <c>facts.json</c>.</summary>
internal static class SchemaFacts
{
    private static readonly JsonObject Facts = Read();

    /// <summary>Names of the schemas that are written by hand.</summary>
    public static IEnumerable<string> Names => Facts["schemas"]!.AsObject().Select(schema => schema.Key);

    public static JsonNode? Schema(string name) => Facts["schemas"]![name]?.DeepClone();

    /// <summary>Schema and description of a query or path parameter; a bound is like its field.</summary>
    public static JsonObject? Parameter(string name) => Facts["parameters"]![name.Split('[')[0]]?.DeepClone().AsObject();

    /// <summary>What is known of a member beside its type: of this record's, or else of all of that name.</summary>
    public static JsonObject? Member(string record, string member)
        => (Facts["members"]![$"{record}.{member}"] ?? Facts["members"]![$"*.{member}"])?.DeepClone().AsObject();

    private static JsonObject Read()
    {
        using var stream = typeof(SchemaFacts).Assembly.GetManifestResourceStream("VideoUnderstanding.Server.Documents.facts.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
