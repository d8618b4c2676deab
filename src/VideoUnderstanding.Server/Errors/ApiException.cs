namespace VideoUnderstanding.Server.Errors;

/// <summary>Stops a request from code below its handler. <see cref="ApiAnswers"/> turns it into the response.</summary>
public sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
