using System.Text;
using System.Text.Json.Nodes;
using VideoUnderstanding.IntegrationTests.Contract;

namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>Generates request bodies that mostly conform to a schema of the published document.</summary>
/// <param name="known">Existing identifiers by parameter name.</param>
internal sealed class BodyMaker(DocumentFile document, IReadOnlyDictionary<string, string> known, Random random)
{
    private const int MaxLevels = 6;

    /// <summary>True if the current body conforms to its schema everywhere. Otherwise deeply nested bodies would almost never be
    /// accepted.</summary>
    private bool _valid;

    /// <summary>Returns a body as JSON text. Three of four bodies may contain errors.</summary>
    public string Json(JsonNode schema)
    {
        _valid = random.Next(4) == 0;
        return !_valid && random.Next(12) == 0 ? EdgeCaseValues.Value(random) : Value(schema, "", 0);
    }

    public MultipartFormDataContent Form(JsonNode schema)
    {
        var boundary = random.Next(10) == 0 ? Guid.NewGuid().ToString("n") : new string('b', random.Next(1, 69));
        var form = new MultipartFormDataContent(boundary);
        foreach (var (name, value) in document.Resolve(schema)["properties"]!.AsObject().OrderBy(_ => random.Next()))
            for (var times = random.Next(8) switch { 0 => 2, < 4 => 0, _ => 1 }; times > 0; times--)
                Add(form, random.Next(15) == 0 ? EdgeCaseValues.Text(random) : name,
                    document.Resolve(value!)["format"]?.ToString() == "binary");
        if (random.Next(10) == 0)
            form.Headers.Remove("Content-Type");
        else if (random.Next(10) == 0)
            form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=other");
        return form;
    }

    private void Add(MultipartFormDataContent form, string name, bool isFile)
    {
        var bytes = random.Next(6) == 0 ? [0xFF, 0xC0, 0x00, 0xFE]
            : Encoding.UTF8.GetBytes(known.GetValueOrDefault(name) is { } id && random.Next(4) > 0 ? id : EdgeCaseValues.Text(random));
        var part = new ByteArrayContent(bytes);
        var disposition = random.Next(12) switch
        {
            0 => "form-data",
            1 => "attachment",
            2 => $"form-data; name={Encoded(name)}; filename*=UTF-8''%ff%fe",
            _ when isFile || random.Next(6) == 0
                => $"form-data; name=\"{Encoded(name)}\"; filename=\"{Encoded(EdgeCaseValues.Text(random))}\"",
            _ => $"form-data; name=\"{Encoded(name)}\"",
        };
        part.Headers.TryAddWithoutValidation("Content-Disposition", disposition);
        if (random.Next(5) == 0)
            part.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=nonsense");
        form.Add(part);
    }

    private static string Encoded(string text)
        => new([.. text.Where(character => character is >= ' ' and < (char)127 and not '"').Take(300)]);

    private string Value(JsonNode node, string name, int level)
    {
        if (!_valid && random.Next(20) == 0)
            return EdgeCaseValues.Value(random);
        var schema = document.Resolve(node);
        foreach (var kind in new[] { "oneOf", "anyOf" })
            if (schema[kind] is JsonArray choices)
                return level > MaxLevels ? "{\"text\":\"red\"}" : Value(choices[random.Next(choices.Count)]!, name, level);
        if (known.GetValueOrDefault(name) is { } id)
            return $"\"{id}\"";
        if (schema["enum"] is JsonArray words)
            return words[random.Next(words.Count)]?.ToJsonString() ?? "null";
        return (schema["type"] is JsonArray types ? types[0] : schema["type"])?.ToString() switch
        {
            "object" => Object(schema, level),
            "array"
                => $"[{string.Join(',',
                    Enumerable.Range(0, random.Next(1, 3)).Select(_ => Value(schema["items"] ?? new JsonObject(), name, level + 1)))}]",
            "integer" => $"{random.Next(1, 20)}",
            "number" => $"{random.Next(0, 100)}",
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "null" => "null",
            "string"
                => !_valid && random.Next(3) == 0 ? System.Text.Json.JsonSerializer.Serialize(EdgeCaseValues.Text(random))
                    : $"\"red {random.Next(100000)}\"",
            _ => EdgeCaseValues.Value(random),
        };
    }

    private string Object(JsonObject schema, int level)
    {
        var members = new List<string>();
        var required = schema["required"]?.AsArray().Select(member => member!.ToString()).ToHashSet() ?? [];
        foreach (var (name, value) in schema["properties"]?.AsObject() ?? [])
            if (required.Contains(name) ? _valid || random.Next(20) > 0 : random.Next(2) > 0)
                members.Add($"\"{name}\":{Value(value!, name, level + 1)}");
        if (!_valid && members.Count > 0 && random.Next(30) == 0)
            members.Add(members[0]);
        if (!_valid && (schema["additionalProperties"] is JsonObject || random.Next(20) == 0))
            members.Add($"{System.Text.Json.JsonSerializer.Serialize(EdgeCaseValues.Text(random))}:{EdgeCaseValues.Value(random)}");
        return $"{{{string.Join(',', members)}}}";
    }
}
