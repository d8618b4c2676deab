using System.Globalization;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>The interval [From, Until) that a text denotes. A time denotes one unit of the responses' precision, a date its day in
/// UTC.</summary>
public readonly record struct TimeInterval(DateTimeOffset From, DateTimeOffset Until)
{
    /// <exception cref="ApiException">The text is neither a date nor a time in RFC 3339.</exception>
    public static TimeInterval Read(string name, string text, TimeSpan unit)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            var day = new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
            return new(day, AddClamped(day, TimeSpan.FromDays(1)));
        }
        // A plus sign that is not percent-encoded is decoded as a space.
        if (!DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var moment)
            || !text.Contains('T', StringComparison.OrdinalIgnoreCase))
            throw new ApiException(
                ApiError.Invalid(name, "It must be a date (YYYY-MM-DD) or a moment in RFC 3339, for example 2023-03-02T10:47:44.120Z."));
        var floor = new DateTimeOffset(moment.Ticks - moment.Ticks % unit.Ticks, TimeSpan.Zero);
        // Responses round times down, so for a time between two units the lower bound is the next unit.
        return new(floor == moment ? floor : AddClamped(floor, unit), AddClamped(floor, unit));
    }

    private static DateTimeOffset AddClamped(DateTimeOffset moment, TimeSpan by)
        => DateTimeOffset.MaxValue - moment > by ? moment + by : DateTimeOffset.MaxValue;
}
