using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Errors;

/// <summary>The only exception handler of the API: converts each failure of a request to an error response. Adds the version header to all
/// responses, and an error body to bare statuses of routing.</summary>
public sealed partial class ApiErrorMiddleware(
    RequestDelegate next, FailureErrors failures, DatabaseOutage outage, ILogger<ApiErrorMiddleware> logger)
{
    public const string VersionHeader = "X-Api-Version";
    public const string Version = "1.1";

    public async Task InvokeAsync(HttpContext context)
    {
        // Set when the response starts, because an error clears earlier headers.
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

    /// <returns>The error to send; null if the response is complete or the client has disconnected.</returns>
    private async Task<ApiError?> RunAsync(HttpContext context)
    {
        try
        {
            await next(context);
            return Finish(context);
        }
        catch (Exception failure) when (context.RequestAborted.IsCancellationRequested && failure is not ApiException)
        {
            LogAbandoned(logger, failure.GetType().Name, context.Request.Path);
            return null;
        }
        catch (Exception failure)
        {
            return failures.ToApiError(failure, $"{context.Request.Method} {context.Request.Path}");
        }
    }

    private ApiError? Finish(HttpContext context)
    {
        // If there is a caller, the database has answered the lookup of the key.
        if (context.Features.Get<Caller>() is not null)
            outage.ReportEnd();
        AllowHead(context.Response);
        return IsBare(context.Response)
            ? ApiError.NoSuchRoute(context.Response.StatusCode, context.Request.Method, context.Request.Path)
            : null;
    }

    /// <summary>Routing returns unknown routes and wrong methods without a body.</summary>
    private static bool IsBare(HttpResponse response) => !response.HasStarted && response.ContentType is null
        && response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed;

    /// <summary>Adds HEAD to the Allow header, because HEAD is supported for all GET routes.</summary>
    private static void AllowHead(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed && !response.HasStarted
            && response.Headers.Allow.ToString() is var allowed && allowed.Split(", ").Contains(HttpMethods.Get))
            response.Headers.Allow = $"{allowed}, {HttpMethods.Head}";
    }

    private static async Task AnswerAsync(HttpContext context, ApiError error)
    {
        if (context.Response.HasStarted)
        {
            // The response has started. The client can detect that it is incomplete only by the closed connection.
            context.Abort();
            return;
        }
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allow;
        await error.ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client disconnected before {Path} was answered ({Exception})")]
    private static partial void LogAbandoned(ILogger logger, string exception, string path);
}
