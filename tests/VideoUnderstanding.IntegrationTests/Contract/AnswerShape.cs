using System.Text.Json;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>Compares a response with a recorded one. Members, types and text formats must be equal. Values are compared on
/// request.</summary>
/// <param name="different">Paths such as <c>data[].score</c> whose value may differ. Their type must be equal.</param>
/// <param name="absentInExample">Paths of members that are allowed in the response and absent in the example.</param>
/// <param name="values">True if values are compared, too.</param>
public sealed partial class AnswerShape(IReadOnlyCollection<string> different, IReadOnlyCollection<string> absentInExample, bool values)
{
    /// <summary>Returns each difference with its path.</summary>
    public IEnumerable<string> Differences(JsonElement expected, JsonElement actual) => Compare(expected, actual, "");

    private IEnumerable<string> Compare(JsonElement expected, JsonElement actual, string path)
    {
        if (Kind(expected) != Kind(actual))
            return [$"{path}: {Kind(actual)} {actual} instead of {Kind(expected)} {expected}"];
        return expected.ValueKind switch
        {
            JsonValueKind.Object => Members(expected, actual, path),
            JsonValueKind.Array => Items(expected, actual, path + "[]"),
            _ when values && !different.Contains(path) && !JsonElement.DeepEquals(expected, actual)
                => [$"{path}: {actual} instead of {expected}"],
            _ => [],
        };
    }

    private IEnumerable<string> Members(JsonElement expected, JsonElement actual, string path)
    {
        var prefix = path.Length == 0 ? "" : path + ".";
        foreach (var member in expected.EnumerateObject())
        {
            if (!actual.TryGetProperty(member.Name, out var value))
                yield return $"{prefix}{member.Name}: missing";
            else
                foreach (var difference in Compare(member.Value, value, prefix + member.Name))
                    yield return difference;
        }
        foreach (var member in actual.EnumerateObject())
            if (!expected.TryGetProperty(member.Name, out _) && !absentInExample.Contains(prefix + member.Name))
                yield return $"{prefix}{member.Name}: not in the example";
    }

    /// <summary>If values are compared, items are compared by position. Otherwise each item must match one item of the example.</summary>
    private IEnumerable<string> Items(JsonElement expected, JsonElement actual, string path)
    {
        var (wanted, found) = (expected.EnumerateArray().ToList(), actual.EnumerateArray().ToList());
        if ((values && !different.Contains(path) && wanted.Count != found.Count) || wanted.Count > 0 != found.Count > 0)
            return [$"{path}: {found.Count} items instead of {wanted.Count}"];
        return values && !different.Contains(path)
            ? wanted.Zip(found).SelectMany(pair => Compare(pair.First, pair.Second, path))
            : found.SelectMany(item => wanted.Select(one => Compare(one, item, path).ToList()).OrderBy(differences => differences.Count)
                .First());
    }

    /// <summary>Texts of different formats have different kinds. For example, times with and without a fraction differ.</summary>
    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.String when Forms().FirstOrDefault(form => form.Pattern.IsMatch(element.GetString()!)).Name is { } form => form,
        var kind => kind.ToString(),
    };

    private static IEnumerable<(string Name, Regex Pattern)> Forms() =>
        [("identifier", Identifier()), ("time with fraction", FractionTime()), ("time in seconds", WholeTime()), ("page token", Token()),
            ("thumbnail", Thumbnail()), ("level", Level())];

    [GeneratedRegex("^[0-9a-f]{24}$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
    private static partial Regex FractionTime();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")]
    private static partial Regex WholeTime();

    [GeneratedRegex(@"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-\d+$")]
    private static partial Regex Token();

    [GeneratedRegex(@"^http://[^/]+/media/thumbnails/[0-9a-f]+\.jpeg\?(\w+=[^&]+&)*expires=\d+&signature=\w+$")]
    private static partial Regex Thumbnail();

    [GeneratedRegex("^(high|medium|low)$")]
    private static partial Regex Level();
}
