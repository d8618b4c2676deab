using System.Text.Json;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A JSON body, read as JSON whatever the content type says, and validated. Unknown members are refused; null means "not given".</summary>
public sealed record JsonBody<T>(T Value) where T : class, IValidatedRequest
{
    /// <exception cref="ApiErrorException">The body is not JSON, has unknown members, or does not validate.</exception>
    public static ValueTask<JsonBody<T>?> BindAsync(HttpContext context) => throw new NotImplementedException();
}
