using System.Text.Json.Nodes;
using VideoUnderstanding.Data.Words;

namespace VideoUnderstanding.Search.Filters;

/// <summary>Writes a filter as conditions on the table <c>videos v</c>. Values and custom names are parameters, never text of the
/// statement.</summary>
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
        // CASE decides before it casts; AND may do both in any order and would fail on a text.
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
        // A duration is written down to the second by those who type it: 810 finds 810.84.
        if (equal.Field == VideoFields.Duration && equal.Value.GetValue<double>() is var seconds && seconds == Math.Floor(seconds))
            return $"floor(v.duration) = {sql.Parameter(seconds)}";
        if (VideoFields.Numbers.TryGetValue(equal.Field, out var number))
            return $"v.{number} = {sql.Parameter(equal.Value.GetValue<double>())}";
        if (VideoFields.Texts.TryGetValue(equal.Field, out var text))
            return $"v.{text} = {sql.Parameter(NormalForm.Of(equal.Value.GetValue<string>()))}";
        // Containment compares with the stored type: the text "true" is not the boolean.
        return $"v.normal_custom_metadata @> {sql.Parameter(Json(equal))}::jsonb";
    }

    private static string Json(FieldEquals equal)
        => NormalFields.Of(new JsonObject { [equal.Field] = equal.Value.DeepClone() }.ToJsonString());
}
