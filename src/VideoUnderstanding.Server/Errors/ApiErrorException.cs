namespace VideoUnderstanding.Server.Errors;

/// <summary>Thrown only while a request is being read: the request can not be understood, and this is what to answer.</summary>
public sealed class ApiErrorException(ApiError error) : Exception(error.Message)
{
    public ApiError Error { get; } = error;
}
