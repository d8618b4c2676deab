using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Identifiers in paths, queries and bodies.</summary>
public static class Identifier
{
    /// <summary>Null when the text has the form of an identifier. Whether the resource exists is another question.</summary>
    public static ApiError? Check(string parameter, string? id)
        => ObjectIds.IsWellFormed(id) ? null : ApiError.Invalid(parameter, "It must have 24 hexadecimal digits.");

    /// <summary>The route value, which the path wrote as <paramref name="parameter"/>.</summary>
    /// <exception cref="ApiErrorException">It is malformed.</exception>
    public static string FromRoute(HttpContext context, string routeValue, string parameter)
    {
        var id = (string)context.Request.RouteValues[routeValue]!;
        return Check(parameter, id) is { } error ? throw new ApiErrorException(error) : id;
    }
}
