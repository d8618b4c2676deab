using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Says in the API's words which member of a request is wrong, and what it must be.</summary>
internal static class JsonMembers
{
    /// <summary>The first member of the object that the request type does not have.</summary>
    public static string? FirstUnknown<T>(JsonElement root)
    {
        var known = WireJson.Reading.GetTypeInfo(typeof(T)).Properties;
        foreach (var member in root.EnumerateObject())
            if (known.All(property => property.Name != member.Name))
                return member.Name;
        return null;
    }

    public static ApiError Describe<T>(JsonException failure)
    {
        var path = failure.Path?.StartsWith("$.", StringComparison.Ordinal) == true ? failure.Path[2..] : null;
        if (path is null)
            return ApiError.BodyInvalid("It is not a JSON object of the expected form.");
        var name = path.Split('.', '[')[0];
        var property = WireJson.Reading.GetTypeInfo(typeof(T)).Properties.FirstOrDefault(known => known.Name == name);
        return ApiError.Invalid(path, property is null || path != name ? "It has the wrong type, or a member that is unknown." : $"It must be {Expected(property)}.");
    }

    private static string Expected(JsonPropertyInfo property)
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
