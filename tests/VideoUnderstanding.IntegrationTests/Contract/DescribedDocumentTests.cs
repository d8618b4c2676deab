using System.Text.Json.Nodes;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>The published document has a description and an example for every operation, parameter, property and body.</summary>
public sealed class DescribedDocumentTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_operation_and_its_tag_have_a_description()
    {
        var document = await DocumentFile.OfServerAsync(server);
        var tags = document.Root["tags"]!.AsArray().ToDictionary(tag => (string)tag!["name"]!, tag => (string?)tag!["description"]);
        Assert.Empty(Operations(document).Where(operation => string.IsNullOrEmpty((string?)operation["summary"])
            || string.IsNullOrEmpty((string?)operation["description"])
            || operation["tags"]!.AsArray().Any(tag => string.IsNullOrEmpty(tags.GetValueOrDefault((string)tag!)))).Select(NameOf));
    }

    [Fact]
    public async Task Every_parameter_has_a_description_and_an_example()
        => Assert.Empty(Operations(await DocumentFile.OfServerAsync(server)).SelectMany(operation
            => (operation["parameters"]?.AsArray() ?? [])
                .Where(parameter => string.IsNullOrEmpty((string?)parameter!["description"]) || parameter["example"] is null)
                .Select(parameter => $"{NameOf(operation)} {parameter!["name"]}")));

    [Fact]
    public async Task Every_property_has_a_description_and_an_example()
    {
        var document = await DocumentFile.OfServerAsync(server);
        var properties = document.Root["components"]!["schemas"]!.AsObject()
            .SelectMany(schema => Properties(schema.Value, schema.Key)).ToList();
        Assert.True(properties.Count > 100);
        Assert.Empty(properties.Where(property => string.IsNullOrEmpty((string?)property.Schema["description"]))
            .Select(property => $"{property.Name} has no description"));
        Assert.Empty(properties.Where(property => !IsShown(document, property.Schema))
            .Select(property => $"{property.Name} has no example"));
    }

    [Fact]
    public async Task Every_body_has_an_example_that_fits_its_schema()
    {
        var document = await DocumentFile.OfServerAsync(server);
        var bodies = Operations(document).SelectMany(operation => Bodies(document, operation)).ToList();
        Assert.True(bodies.Count > 50);
        Assert.Empty(bodies.Where(body => body.Media["example"] is null).Select(body => $"{body.Name} has no example"));
        Assert.Empty(bodies.SelectMany(body => Mismatches(document, body.Media["schema"]!, body.Media["example"], body.Name)));
    }

    private static IEnumerable<JsonObject> Operations(DocumentFile document) => document.Root["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Where(member => member.Key != "servers").Select(member => member.Value!.AsObject()));

    private static string NameOf(JsonObject operation) => (string)operation["operationId"]!;

    private static IEnumerable<(string Name, JsonNode Media)> Bodies(DocumentFile document, JsonObject operation)
    {
        foreach (var (media, body) in operation["requestBody"]?["content"]?.AsObject() ?? [])
            yield return ($"{NameOf(operation)} {media}", body!);
        foreach (var (status, response) in operation["responses"]!.AsObject())
            if (document.Resolve(response!)["content"]?["application/json"] is { } body)
                yield return ($"{NameOf(operation)} {status}", body);
    }

    private static IEnumerable<(string Name, JsonObject Schema)> Properties(JsonNode? node, string name) => node switch
    {
        JsonObject schema => (schema["properties"]?.AsObject() ?? [])
            .Select(property => ($"{name}.{property.Key}", property.Value!.AsObject()))
            .Concat(schema.SelectMany(member => member.Key == "properties"
                ? member.Value!.AsObject().SelectMany(property => Properties(property.Value, $"{name}.{property.Key}"))
                : Properties(member.Value, name))),
        JsonArray items => items.SelectMany(item => Properties(item, name)),
        _ => [],
    };

    /// <summary>True if the schema has an example or shows its values itself: enum values, members or boolean.</summary>
    private static bool IsShown(DocumentFile document, JsonObject schema)
        => schema.ContainsKey("examples") || schema.ContainsKey("enum") || schema.ContainsKey("properties")
            || schema.ContainsKey("additionalProperties") || (schema["type"]?.ToJsonString().Contains("boolean") ?? false)
            || (schema.ContainsKey("$ref") && IsShown(document, document.Resolve(schema)))
            || (schema["items"] is JsonObject item && IsShown(document, item))
            || new[] { "oneOf", "anyOf" }.SelectMany(kind => schema[kind]?.AsArray() ?? [])
                .Any(alternative => IsShown(document, alternative!.AsObject()));

    private static IEnumerable<string> Mismatches(DocumentFile document, JsonNode schemaNode, JsonNode? value, string path)
    {
        var schema = document.Resolve(schemaNode);
        if ((schema["oneOf"] ?? schema["anyOf"]) is JsonArray alternatives)
            return alternatives.Any(alternative => !Mismatches(document, alternative!, value, path).Any()) ? [] : [$"{path} fits nowhere"];
        if (schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
            return [$"{path} is {value?.ToJsonString()}"];
        if (schema["type"] is { } type && !type.ToJsonString().Contains($"\"{TypeOf(value)}\"")
            && !(TypeOf(value) == "integer" && type.ToJsonString().Contains("\"number\"")))
            return [$"{path} is of type {TypeOf(value)}"];
        if (value is JsonArray items && schema["items"] is { } item)
            return items.SelectMany((one, number) => Mismatches(document, item, one, $"{path}[{number}]"));
        if (value is not JsonObject members || schema["properties"] is not JsonObject properties)
            return [];
        var missing = (schema["required"]?.AsArray() ?? []).Where(name => !members.ContainsKey((string)name!))
            .Select(name => $"{path} lacks {name}");
        var unknown = members.Where(member => !properties.ContainsKey(member.Key) && schema["additionalProperties"] is not JsonObject)
            .Select(member => $"{path} has {member.Key}");
        return [.. missing, .. unknown, .. members.Where(member => properties.ContainsKey(member.Key))
            .SelectMany(member => Mismatches(document, properties[member.Key]!, member.Value, $"{path}.{member.Key}"))];
    }

    private static string TypeOf(JsonNode? value) => value switch
    {
        null => "null",
        JsonObject => "object",
        JsonArray => "array",
        _ => value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => "string",
            System.Text.Json.JsonValueKind.Number => value.ToJsonString().Contains('.') ? "number" : "integer",
            _ => "boolean",
        },
    };
}
