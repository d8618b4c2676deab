using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Converts numbers of custom metadata to JSON that PostgreSQL can store. Updates, lists and searches all use it, so equal numbers
/// have equal digits.</summary>
internal static class ExactNumber
{
    /// <summary>Smallest magnitude for decimal. Below it, a decimal with its 28 decimal places has fewer digits than a double.</summary>
    private const decimal MinDecimal = 1e-11m;

    /// <summary>Returns null if the text is not a number or is out of the range of double.</summary>
    public static JsonValue? Read(string text)
    {
        if (long.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rounded) || !double.IsFinite(rounded))
            return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Math.Abs(exact) >= MinDecimal
            ? JsonValue.Create(exact)
            : JsonValue.Create(rounded);
    }

    /// <summary>Returns null if it is out of the range of double.</summary>
    /// <param name="number">A JSON number.</param>
    public static JsonValue? FromJson(JsonElement number) => Read(number.GetRawText());
}
