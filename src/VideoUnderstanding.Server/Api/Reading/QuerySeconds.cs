using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Positions in a video as query parameters.</summary>
public static class QuerySeconds
{
    /// <summary>Seconds, 0 or more; null when not given.</summary>
    /// <exception cref="ApiException">Not such a number.</exception>
    public static double? Read(IQueryCollection query, string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text)
            return null;
        return ListFields.ReadNumber(name, text) is var seconds and >= 0
            ? seconds
            : throw new ApiException(ApiError.Invalid(name, "It must be a number of seconds, 0 or more."));
    }
}
