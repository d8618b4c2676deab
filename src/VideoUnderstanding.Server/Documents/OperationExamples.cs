using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Requests and answers that show how operations are used, from <c>examples.json</c>. The values in them also become the examples
/// of the members.</summary>
/// <param name="components">The schemas of the document by name.</param>
internal sealed class OperationExamples(JsonObject components)
{
    private static readonly JsonObject Examples = EmbeddedJson.Read("examples.json");

    private readonly List<(JsonObject Schema, JsonNode Value)> _shown = [];

    /// <summary>A media type of a body, with its schema and the example of the operation.</summary>
    /// <param name="part"><c>request</c> or <c>answer</c>.</param>
    public JsonObject Media(string operationId, string part, JsonObject schema)
    {
        var media = new JsonObject { ["schema"] = schema };
        if (Examples[operationId]?[part] is { } example)
        {
            media["example"] = example.DeepClone();
            _shown.Add((schema, example));
        }
        return media;
    }

    /// <summary>Gives the members of all schemas the examples that the bodies have shown. Call it when all schemas are there.</summary>
    public void Spread()
    {
        foreach (var (schema, value) in _shown)
            Spread(schema, value);
    }

    private void Spread(JsonObject schema, JsonNode? value)
    {
        var shape = schema["$ref"] is { } reference ? components[((string)reference!).Split('/')[^1]]!.AsObject() : schema;
        foreach (var alternative in new[] { "oneOf", "anyOf" }.SelectMany(kind => shape[kind]?.AsArray() ?? []))
            Spread(alternative!.AsObject(), value);
        if (value is JsonArray items && shape["items"] is JsonObject item)
            foreach (var one in items)
                Spread(item, one);
        if (value is not JsonObject members || shape["properties"] is not JsonObject properties)
            return;
        foreach (var (name, member) in members)
            if (properties[name] is JsonObject property)
            {
                if (IsPlain(member) && !property.ContainsKey("examples"))
                    property["examples"] = new JsonArray(member!.DeepClone());
                Spread(property, member);
            }
    }

    private static bool IsPlain(JsonNode? value)
        => value is JsonValue || (value is JsonArray items && items.All(item => item is JsonValue));
}
