using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Example requests and responses of operations, from <c>examples.json</c>. Their values also become the examples of
/// members.</summary>
/// <param name="components">Schemas of the document by name.</param>
internal sealed class OperationExamples(JsonObject components)
{
    private static readonly JsonObject Examples = EmbeddedJson.Read("examples.json");

    private readonly List<(JsonObject Schema, JsonNode Value)> _shown = [];

    /// <summary>Creates the media type object of a body, with its schema and the example of the operation.</summary>
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

    /// <summary>Adds the values of the examples to the members of their schemas. Must be called when all schemas exist.</summary>
    public void AddMemberExamples()
    {
        foreach (var (schema, value) in _shown)
            AddMemberExamples(schema, value);
    }

    private void AddMemberExamples(JsonObject schema, JsonNode? value)
    {
        var shape = schema["$ref"] is { } reference ? components[((string)reference!).Split('/')[^1]]!.AsObject() : schema;
        foreach (var alternative in new[] { "oneOf", "anyOf" }.SelectMany(kind => shape[kind]?.AsArray() ?? []))
            AddMemberExamples(alternative!.AsObject(), value);
        if (value is JsonArray items && shape["items"] is JsonObject item)
            foreach (var element in items)
                AddMemberExamples(item, element);
        if (value is not JsonObject members || shape["properties"] is not JsonObject properties)
            return;
        foreach (var (name, member) in members)
            if (properties[name] is JsonObject property)
            {
                if (IsScalarOrList(member) && !property.ContainsKey("examples"))
                    property["examples"] = new JsonArray(member!.DeepClone());
                AddMemberExamples(property, member);
            }
    }

    private static bool IsScalarOrList(JsonNode? value)
        => value is JsonValue || (value is JsonArray items && items.All(item => item is JsonValue));
}
