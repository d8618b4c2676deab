using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Errors;

/// <summary>
/// The one exception handler: it turns every failure of a request into an error response of the API. It also adds the version header to
/// every response, and an error body to the bare statuses of routing.
/// </summary>
public sealed partial class ApiAnswers(
    RequestDelegate next, FailureErrors failures, DatabaseOutage outage, ILogger<ApiAnswers> logger)
{
    public const string VersionHeader = "X-Api-Version";
    public const string Version = "1.1";

    public async Task InvokeAsync(HttpContext context)
    {
        // Set when the response starts, because an error clears all earlier headers.
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
            return failures.Of(failure, $"{context.Request.Method} {context.Request.Path}");
        }
    }

    private ApiError? Finish(HttpContext context)
    {
        // The key was looked up in the database.
        if (context.Features.Get<Caller>() is not null)
            outage.End();
        AllowHead(context.Response);
        return IsBare(context.Response)
            ? ApiError.NoSuchRoute(context.Response.StatusCode, context.Request.Method, context.Request.Path)
            : null;
    }

    /// <summary>Routing answers unknown routes and wrong methods with a bare status.</summary>
    private static bool IsBare(HttpResponse response) => !response.HasStarted && response.ContentType is null
        && response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed;

    /// <summary>Routing names GET alone, and HEAD is served wherever GET is.</summary>
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
            // A part of the response was sent. Only a closed connection shows the client that the response is incomplete.
            context.Abort();
            return;
        }
        var allow = context.Response.Headers.Allow;
        context.Response.Clear();
        context.Response.Headers.Allow = allow;
        await error.ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client left before {Path} was answered ({Exception})")]
    private static partial void LogAbandoned(ILogger logger, string exception, string path);
}
