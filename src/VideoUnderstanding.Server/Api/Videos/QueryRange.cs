using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The part of a video that <c>start</c> and <c>end</c> bound, in seconds. CONTRACT, section 10.</summary>
public readonly record struct QueryRange(double From, double Until)
{
    /// <exception cref="ApiErrorException">One of them is no number of seconds, or the end is before the start.</exception>
    public static QueryRange Read(IQueryCollection query)
    {
        var range = new QueryRange(QuerySeconds.Read(query, "start") ?? 0, QuerySeconds.Read(query, "end") ?? double.MaxValue);
        return range.From <= range.Until ? range : throw new ApiErrorException(ApiError.Invalid("end", "It must not be before start."));
    }

    public bool Touches(double start, double end) => start <= Until && end >= From;
}
