using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

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
