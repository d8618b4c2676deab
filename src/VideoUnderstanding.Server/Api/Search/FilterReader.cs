using System.Text.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Parses the filter of a search. CONTRACT 7.5.</summary>
internal static class FilterReader
{
    private const int MaxConditions = 50;
    private const int MaxIds = 1_000;

    /// <exception cref="ApiException">A value has an unsupported type. A field has a value, a pair of bounds, or for <c>id</c> a
    /// list.</exception>
    public static VideoFilter Read(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object)
            throw Invalid("It must be an object.");
        var conditions = new List<FilterCondition>();
        foreach (var field in filter.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
            conditions.Add(Condition(field.Name, field.Value));
        return conditions.Count <= MaxConditions ? new VideoFilter(conditions)
            : throw Invalid($"It must have at most {MaxConditions} fields.");
    }

    private static FilterCondition Condition(string field, JsonElement value) => field switch
    {
        VideoFields.Id => Ids(value),
        _ when value.ValueKind == JsonValueKind.Object
            => VideoFields.Texts.ContainsKey(field) ? throw Invalid($"{field} can only be compared with a text.") : Bounds(field, value),
        _ when VideoFields.Numbers.ContainsKey(field) => value.ValueKind == JsonValueKind.Number
            ? new FieldEquals(field, Number(field, value))
            : throw Invalid($"{field} must be a number, or an object with gte, lte or both."),
        _ when VideoFields.Texts.ContainsKey(field) => value.ValueKind == JsonValueKind.String
            ? new FieldEquals(field, value.GetString()!)
            : throw Invalid($"{field} must be a text."),
        _ => new FieldEquals(field, Scalar(field, value)),
    };

    private static VideoIsOneOf Ids(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 0 or > MaxIds
            || value.EnumerateArray().Any(id => id.ValueKind != JsonValueKind.String))
            throw Invalid($"id must be a list of 1 to {MaxIds} video identifiers.");
        return new VideoIsOneOf([.. value.EnumerateArray().Select(id => id.GetString()!)]);
    }

    private static NumberBetween Bounds(string field, JsonElement value)
    {
        double? atLeast = null, atMost = null;
        foreach (var bound in value.EnumerateObject().Where(bound => bound.Value.ValueKind != JsonValueKind.Null))
        {
            if (bound.Value.ValueKind != JsonValueKind.Number)
                throw Invalid($"{field}.{bound.Name} must be a number.");
            if (bound.Name == "gte")
                atLeast = Number(field, bound.Value);
            else if (bound.Name == "lte")
                atMost = Number(field, bound.Value);
            else
                throw Invalid($"{field} may only have the bounds gte and lte, not {bound.Name}.");
        }
        return atLeast is null && atMost is null ? throw Invalid($"{field} must have gte, lte or both.")
            : new NumberBetween(field, atLeast, atMost);
    }

    private static JsonNode Scalar(string field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number => ExactNumber.FromJson(value) ?? throw TooLarge(field),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Invalid($"{field} must be a text, a number, true or false, or an object with gte, lte or both."),
    };

    private static double Number(string field, JsonElement value)
        => value.TryGetDouble(out var number) && double.IsFinite(number) ? number : throw TooLarge(field);

    private static ApiException TooLarge(string field) => Invalid($"{field} has a number that is too large.");

    private static ApiException Invalid(string why) => new(ApiError.SearchFilterInvalid(why));
}
