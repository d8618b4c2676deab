using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The interval given by <c>start</c> and <c>end</c>, in seconds. CONTRACT, section 10.</summary>
public readonly record struct QueryRange(double From, double Until)
{
    /// <exception cref="ApiException">A value is not a number of seconds, or the end is before the start.</exception>
    public static QueryRange Read(IQueryCollection query) => Create(QuerySeconds.Read(query, "start"), QuerySeconds.Read(query, "end"));

    /// <param name="start">Null for the start of the video.</param>
    /// <param name="end">Null for the end of the video.</param>
    /// <exception cref="ApiException">The end is before the start.</exception>
    public static QueryRange Create(double? start, double? end)
    {
        var range = new QueryRange(start ?? 0, end ?? double.MaxValue);
        return range.From <= range.Until ? range : throw new ApiException(ApiError.Invalid("end", "It must not be before start."));
    }

    public bool Overlaps(double start, double end) => start <= Until && end >= From;
}

/// <summary>Parses positions in a video in query parameters.</summary>
public static class QuerySeconds
{
    /// <summary>Returns seconds, 0 or more; null if the parameter is missing.</summary>
    /// <exception cref="ApiException">The value is not a number or is negative.</exception>
    public static double? Read(IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return ListFields.ReadNumber(name, text) is var seconds and >= 0
            ? seconds
            : throw new ApiException(ApiError.Invalid(name, "It must be a number of seconds, 0 or more."));
    }
}
