using System.Text.Json;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A JSON body, read as JSON whatever the content type says, and validated. Unknown members are refused; null means "not given".</summary>
/// <remarks>A request either says itself what is wrong with it, or gives what it asks for only through a <c>Read</c> that throws what is wrong.</remarks>
public sealed record JsonBody<T>(T Value) where T : class
{
    /// <exception cref="ApiErrorException">The body is not JSON, has unknown members, or does not validate.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        using var document = await JsonDocuments.ReadAsync(context.Request.Body, context.RequestAborted);
        var value = Read(document.RootElement);
        return (value as IValidatedRequest)?.Validate() is { } error ? throw new ApiErrorException(error) : new JsonBody<T>(value);
    }

    internal static T Read(JsonElement root)
    {
        if (JsonMembers.FirstUnknown<T>(root) is { } unknown)
            throw new ApiErrorException(ApiError.Unknown(unknown));
        try
        {
            return root.Deserialize<T>(WireJson.Reading)!;
        }
        catch (JsonException failure)
        {
            throw new ApiErrorException(JsonMembers.Describe<T>(failure));
        }
    }
}
