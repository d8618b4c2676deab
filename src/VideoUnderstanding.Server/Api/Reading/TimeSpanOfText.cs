using System.Globalization;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>The stretch of time that a text stands for: [From, Until). A moment stands for the unit that the wire shows, a date for its day
/// in UTC.</summary>
public readonly record struct TimeSpanOfText(DateTimeOffset From, DateTimeOffset Until)
{
    /// <exception cref="ApiException">Neither a date nor a moment of RFC 3339.</exception>
    public static TimeSpanOfText Read(string name, string text, TimeSpan unit)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            var day = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return new(day, Later(day, TimeSpan.FromDays(1)));
        }
        // A plus sign that was not percent-encoded arrives as a space.
        if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            || !text.Contains('T', StringComparison.OrdinalIgnoreCase))
            throw new ApiException(
                ApiError.Invalid(name, "It must be a date (YYYY-MM-DD) or a moment in RFC 3339, for example 2023-03-02T10:47:44.120Z."));
        var down = new DateTimeOffset(moment.Ticks - moment.Ticks % unit.Ticks, TimeSpan.Zero);
        // Shown values are rounded down: one is at least a moment between two units only from the next unit on.
        return new(down == moment ? down : Later(down, unit), Later(down, unit));
    }

    private static DateTimeOffset Later(DateTimeOffset moment, TimeSpan by)
        => DateTimeOffset.MaxValue - moment > by ? moment + by : DateTimeOffset.MaxValue;
}
