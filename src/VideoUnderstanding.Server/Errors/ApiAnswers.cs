namespace VideoUnderstanding.Server.Errors;

/// <summary>
/// The outermost layer: the version header on every answer, and a JSON error in the API's form for whatever went wrong further in:
/// unknown routes, unreadable requests, and what nobody foresaw.
/// </summary>
public sealed partial class ApiAnswers(RequestDelegate next, ILogger<ApiAnswers> logger)
{
    public const string VersionHeader = "X-Api-Version";
    public const string Version = "1.1";

    public async Task InvokeAsync(HttpContext context)
    {
        // At the start of the answer, so that clearing the answer for an error can not lose it.
        context.Response.OnStarting(static state =>
        {
            ((HttpResponse)state).Headers[VersionHeader] = Version;
            return Task.CompletedTask;
        }, context.Response);
        if (await RunAsync(context) is { } error)
            await AnswerAsync(context, error);
        if (context.Response.StatusCode >= 400)
            await UnreadBody.DrainAsync(context);
    }

    /// <summary>What to answer instead; null when the answer is fine as it is or nobody waits for one.</summary>
    private async Task<ApiError?> RunAsync(HttpContext context)
    {
        try
        {
            await next(context);
            return IsBare(context.Response)
                ? ApiError.NoSuchRoute(context.Response.StatusCode, context.Request.Method, context.Request.Path)
                : null;
        }
        catch (ApiErrorException malformed)
        {
            return malformed.Error;
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested)
        {
            LogAbandoned(logger, failure.GetType().Name, context.Request.Path);
            return null;
        }
        catch (BadHttpRequestException malformed)
        {
            return malformed.StatusCode == StatusCodes.Status413PayloadTooLarge ? ApiError.BodyTooLarge() : ApiError.BodyInvalid(malformed.Message);
        }
        catch (Exception failure)
        {
            LogUnexpected(logger, failure, context.Request.Method, context.Request.Path);
            return ApiError.Unexpected();
        }
    }

    /// <summary>Routing answers unknown routes and wrong methods with a bare status.</summary>
    private static bool IsBare(HttpResponse response) => !response.HasStarted && response.ContentType is null
        && response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed;

    private static async Task AnswerAsync(HttpContext context, ApiError error)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer is out; only breaking the connection tells the client that it is not whole.
            context.Abort();
            return;
        }
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allow;
        await error.ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client left before {Path} was answered ({Exception})")]
    private static partial void LogAbandoned(ILogger logger, string exception, string path);
}
