using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Finds unknown members of requests and describes members of the wrong type.</summary>
internal static class JsonMembers
{
    /// <summary>Returns the first member, at any depth, that the request type does not have; null if there is none.</summary>
    public static UnknownMember? FirstUnknown<T>(JsonElement root)
        => FirstUnknown(root, WireJson.RequestOptions.GetTypeInfo(typeof(T)), "");

    /// <summary>Ignores values of the wrong kind, because deserialization reports them.</summary>
    private static UnknownMember? FirstUnknown(JsonElement value, JsonTypeInfo type, string path) => (type.Kind, value.ValueKind) switch
    {
        (JsonTypeInfoKind.Object, JsonValueKind.Object)
            => value.EnumerateObject().Select(member => UnknownIn(member, type, path)).FirstOrDefault(unknown => unknown is not null),
        (JsonTypeInfoKind.Enumerable, JsonValueKind.Array) => value.EnumerateArray()
            .Select((item, i) => FirstUnknown(item, WireJson.RequestOptions.GetTypeInfo(type.ElementType!), $"{path}[{i}]"))
            .FirstOrDefault(unknown => unknown is not null),
        _ => null,
    };

    private static UnknownMember? UnknownIn(JsonProperty member, JsonTypeInfo owner, string path)
    {
        var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
        return owner.Properties.FirstOrDefault(property => property.Name == member.Name) is { } known
            ? FirstUnknown(member.Value, WireJson.RequestOptions.GetTypeInfo(known.PropertyType), name)
            : new UnknownMember(name, owner.Properties.Select(property => property.Name));
    }

    public static ApiError Describe<T>(JsonException failure)
    {
        var path = failure.Path?.StartsWith("$.", StringComparison.Ordinal) == true ? failure.Path[2..] : null;
        if (path is null)
            return ApiError.BodyInvalid("It is not a JSON object of the expected form.");
        var name = path.Split('.', '[')[0];
        var property = WireJson.RequestOptions.GetTypeInfo(typeof(T)).Properties.FirstOrDefault(known => known.Name == name);
        return ApiError.Invalid(
            path, property is null || path != name ? "It has the wrong type." : $"It must be {ExpectedType(property)}.");
    }

    private static string ExpectedType(JsonPropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (type == typeof(string))
            return "a text";
        if (type == typeof(bool))
            return "true or false";
        if (type == typeof(int) || type == typeof(long))
            return "a whole number";
        if (type == typeof(double) || type == typeof(decimal))
            return "a number";
        return type.IsArray || type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "a list" : "an object";
    }
}

/// <summary>A member that the request type does not have.</summary>
/// <param name="Path">For example <c>labels[0].colour</c>.</param>
/// <param name="Known">The members that the object can have.</param>
internal sealed record UnknownMember(string Path, IEnumerable<string> Known);
