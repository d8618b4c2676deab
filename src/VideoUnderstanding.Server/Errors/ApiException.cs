namespace VideoUnderstanding.Server.Errors;

/// <summary>Ends a request with an error from code below its handler. <see cref="ApiErrorMiddleware"/> converts it to the
/// response.</summary>
public sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
