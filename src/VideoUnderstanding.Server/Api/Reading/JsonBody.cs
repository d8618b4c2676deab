using System.Text.Json;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>A request body that validates its own members.</summary>
public interface IValidatedRequest
{
    /// <exception cref="ApiException">The first invalid or missing member.</exception>
    void Validate();
}

/// <summary>A validated JSON body. The content type is ignored. Unknown members are rejected; a member with the value null counts as
/// missing.</summary>
/// <remarks>A request either implements <see cref="IValidatedRequest"/> or has a <c>Read</c> method. Both throw an
/// <see cref="ApiException"/> for invalid values.</remarks>
public sealed record JsonBody<T>(T Value) where T : class
{
    /// <exception cref="ApiException">The body is not JSON, has unknown members, or does not validate.</exception>
    public static async ValueTask<JsonBody<T>?> BindAsync(HttpContext context)
    {
        using var document = await JsonDocuments.ReadAsync(context.Request, context.RequestAborted);
        var value = Read(document.RootElement);
        (value as IValidatedRequest)?.Validate();
        return new JsonBody<T>(value);
    }

    internal static T Read(JsonElement root)
    {
        if (JsonMembers.FirstUnknown<T>(root) is { } unknown)
            throw new ApiException(ApiError.Unknown(unknown.Path, unknown.Known));
        try
        {
            return root.Deserialize<T>(WireJson.RequestOptions)!;
        }
        catch (JsonException failure)
        {
            throw new ApiException(JsonMembers.Describe<T>(failure));
        }
    }
}
