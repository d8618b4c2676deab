using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Creates JSON schemas of request and response records from the serializer settings, and collects them as components.</summary>
internal sealed class WireSchemas
{
    private static readonly JsonSerializerOptions ResponseOptions = CreateResponseOptions();
    private static readonly string[] Alternatives = ["$ref", "oneOf", "anyOf"];

    private readonly NullabilityInfoContext _nullability = new();

    public JsonObject Components { get; } = [];

    /// <param name="required">Required members of a request; null for a response, in which all members that are never omitted are
    /// required.</param>
    public JsonObject For(Type type, IReadOnlyCollection<string>? required = null)
    {
        if (PrimitiveSchema(type) is { } primitive)
            return primitive;
        if (ItemOf(type) is { } item)
            return new JsonObject { ["type"] = "array", ["items"] = For(item, required is null ? null : []) };
        return type == typeof(object) || type == typeof(JsonElement) || type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? []
            : Record(type, required);
    }

    /// <summary>Returns a reference to a schema written by hand or to a response record, and adds it and its references to the
    /// components.</summary>
    public JsonObject Reference(string name)
    {
        if (!Components.ContainsKey(name) && SchemaFacts.Schema(name) is { } schema)
        {
            Components[name] = schema;
            AddReferencedSchemas(schema);
        }
        else if (!Components.ContainsKey(name))
            For(typeof(WireSchemas).Assembly.GetTypes().Single(type => type.Name == $"{name}Dto" || type.Name == $"{name}Response"));
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>Returns the record's name without its suffix: <c>ListResponse&lt;IndexResponse&gt;</c> is <c>IndexList</c>.</summary>
    public static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0];
        if (type.IsGenericType)
            name = NameOf(type.GetGenericArguments()[0]) + name;
        foreach (var ending in new[] { "Response", "Dto" })
            if (name.EndsWith(ending, StringComparison.Ordinal) && name.Length > ending.Length)
                return name[..^ending.Length];
        return name;
    }

    private JsonObject Record(Type type, IReadOnlyCollection<string>? required)
    {
        var name = NameOf(type);
        // A schema written by hand takes precedence.
        if (SchemaFacts.Schema(name) is not null)
            return Reference(name);
        if (!Components.ContainsKey(name))
        {
            var schema = new JsonObject { ["type"] = "object" };
            // Added before its members, because they may refer to it.
            Components[name] = schema;
            var info = (required is null ? ResponseOptions : WireJson.RequestOptions).GetTypeInfo(type);
            var members = info.Properties.Where(property => property.AttributeProvider is PropertyInfo && property.Get is not null)
                .ToList();
            var properties = new JsonObject();
            foreach (var member in members)
                properties[member.Name] = Member(name, member, required is not null);
            schema["properties"] = properties;
            schema["required"] = new JsonArray(
                [.. (required ?? members.Where(IsAlwaysPresent).Select(member => member.Name)).Select(member => JsonValue.Create(member))]);
            if (required is not null)
                schema["additionalProperties"] = false;
        }
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private JsonObject Member(string record, JsonPropertyInfo member, bool isRequest)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        var schema = For(type, isRequest ? [] : null);
        if (IsNullable(member) && (isRequest || Condition(member) == JsonIgnoreCondition.Never))
            schema = OrNull(schema);
        if (SchemaFacts.Member(record, member.Name) is { } facts)
        {
            AddReferencedSchemas(facts);
            // A reference, or a list of alternatives, describes the value completely.
            if (Alternatives.Any(facts.ContainsKey))
                schema.Clear();
            foreach (var (key, value) in facts)
                schema[key] = value?.DeepClone();
        }
        SchemaFacts.Describe(schema, record, member.Name);
        return schema;
    }

    private static JsonObject OrNull(JsonObject schema)
    {
        if (schema["type"] is JsonValue single)
            schema["type"] = new JsonArray(single.DeepClone(), "null");
        else if (schema.ContainsKey("$ref"))
            return new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        return schema;
    }

    /// <summary>Adds the schemas that a schema written by hand refers to.</summary>
    private void AddReferencedSchemas(JsonNode? node)
    {
        if (node is JsonArray items)
            foreach (var item in items)
                AddReferencedSchemas(item);
        if (node is not JsonObject schema)
            return;
        foreach (var (key, value) in schema)
            if (key == "$ref")
                Reference(((string)value!).Split('/')[^1]);
            else
                AddReferencedSchemas(value);
    }

    private bool IsAlwaysPresent(JsonPropertyInfo member) => !IsNullable(member) || Condition(member) == JsonIgnoreCondition.Never;

    private bool IsNullable(JsonPropertyInfo member)
        => _nullability.Create((PropertyInfo)member.AttributeProvider!).ReadState == NullabilityState.Nullable;

    private static JsonIgnoreCondition? Condition(JsonPropertyInfo member)
        => ((PropertyInfo)member.AttributeProvider!).GetCustomAttribute<JsonIgnoreAttribute>()?.Condition;

    private static JsonObject? PrimitiveSchema(Type type)
    {
        if (type == typeof(string))
            return new JsonObject { ["type"] = "string" };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(int) || type == typeof(long))
            return new JsonObject { ["type"] = "integer" };
        if (type == typeof(double) || type == typeof(decimal))
            return new JsonObject { ["type"] = "number" };
        return type == typeof(DateTimeOffset) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" } : null;
    }

    private static Type? ItemOf(Type type) => type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(System.Collections.IEnumerable)) && type.GetGenericArguments() is [var item]
            ? item
            : null;

    private static JsonSerializerOptions CreateResponseOptions()
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
        WireJson.Configure(options);
        return options;
    }
}
