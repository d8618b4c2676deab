using System.Text.Json.Nodes;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Filters;

/// <summary>Converts a filter to SQL conditions on <c>videos v</c>. Values and custom field names are always parameters.</summary>
internal static class FilterSql
{
    public static void Append(SqlBuilder sql, VideoFilter filter)
    {
        foreach (var condition in filter.Conditions)
            sql.Add("\n  AND ").Add(Condition(sql, condition));
    }

    private static string Condition(SqlBuilder sql, FilterCondition condition) => condition switch
    {
        VideoIsOneOf one => $"v.id = ANY({sql.Parameter(one.Ids.ToArray())})",
        NumberBetween between => Between(sql, between),
        FieldEquals equal => Equal(sql, equal),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };

    private static string Between(SqlBuilder sql, NumberBetween between)
    {
        if (VideoFields.Numbers.TryGetValue(between.Field, out var column))
            return Bounds(sql, $"v.{column}", between);
        var name = sql.Parameter(NormalForm.Composed(between.Field));
        // CASE evaluates the type test before the cast. AND has no fixed order and could fail on a text.
        return $"CASE WHEN jsonb_typeof(v.normal_custom_metadata -> {name}) = 'number' THEN "
            + $"{Bounds(sql, $"(v.normal_custom_metadata ->> {name})::numeric", between)} ELSE false END";
    }

    private static string Bounds(SqlBuilder sql, string value, NumberBetween between)
    {
        var bounds = new List<string>(2);
        if (between.AtLeast is { } low)
            bounds.Add($"{value} >= {sql.Parameter(low)}");
        if (between.AtMost is { } high)
            bounds.Add($"{value} <= {sql.Parameter(high)}");
        return string.Join(" AND ", bounds);
    }

    private static string Equal(SqlBuilder sql, FieldEquals equal)
    {
        // Users enter durations in whole seconds, so 810 matches 810.84.
        if (equal.Field == VideoFields.Duration && equal.Value.GetValue<double>() is var seconds && seconds == Math.Floor(seconds))
            return $"floor(v.duration) = {sql.Parameter(seconds)}";
        if (VideoFields.Numbers.TryGetValue(equal.Field, out var number))
            return $"v.{number} = {sql.Parameter(equal.Value.GetValue<double>())}";
        if (VideoFields.Texts.TryGetValue(equal.Field, out var text))
            return $"v.{text} = {sql.Parameter(NormalForm.Of(equal.Value.GetValue<string>()))}";
        // The operator @> compares JSON types: the text "true" does not equal the boolean true.
        return $"v.normal_custom_metadata @> {sql.Parameter(Json(equal))}::jsonb";
    }

    private static string Json(FieldEquals equal)
        => NormalFields.Of(new JsonObject { [equal.Field] = equal.Value.DeepClone() }.ToJsonString());
}
