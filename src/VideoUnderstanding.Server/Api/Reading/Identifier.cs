using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Validates identifiers in paths, queries and bodies.</summary>
public static class Identifier
{
    /// <summary>Checks the format of an identifier, not whether the resource exists.</summary>
    /// <returns>The identifier.</returns>
    /// <exception cref="ApiException">It is malformed.</exception>
    public static string Require(string parameter, string? id)
        => ObjectIds.IsWellFormed(id) ? id! : throw new ApiException(ApiError.Invalid(parameter, "It must have 24 hexadecimal digits."));

    /// <summary>Reads a route value. <paramref name="parameter"/> is its name in error messages.</summary>
    /// <exception cref="ApiException">It is malformed.</exception>
    public static string FromRoute(HttpContext context, string routeValue, string parameter)
        => Require(parameter, (string)context.Request.RouteValues[routeValue]!);
}
