using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Numbers of custom metadata as JSON that PostgreSQL can hold. Stored, listed and searched ones all come from here, so that equal
/// numbers are equal to the last digit.</summary>
internal static class ExactNumber
{
    /// <summary>Nearer to zero than this a decimal, which has 28 places, keeps fewer digits than a double.</summary>
    private const decimal LeastDecimal = 1e-11m;

    /// <summary>Null when the text is no number, or one beyond the range of doubles.</summary>
    public static JsonValue? Read(string text)
    {
        if (long.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var whole))
            return JsonValue.Create(whole);
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rounded) || !double.IsFinite(rounded))
            return null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) && Math.Abs(exact) >= LeastDecimal
            ? JsonValue.Create(exact)
            : JsonValue.Create(rounded);
    }

    /// <summary>Null when it is beyond the range of doubles.</summary>
    /// <param name="number">A JSON number.</param>
    public static JsonValue? Of(JsonElement number) => Read(number.GetRawText());
}
