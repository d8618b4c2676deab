using Microsoft.AspNetCore.Http.Features;

namespace VideoUnderstanding.Server.Errors;

/// <summary>Reads and discards the rest of a rejected request's body. Many clients send the whole body before they read the response; if
/// the connection closed earlier, they would report a broken pipe instead of the error.</summary>
internal static class UnreadBody
{
    /// <summary>After this time the connection is closed.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(30);

    public static async Task DrainAsync(HttpContext context)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        // A client that expects "100 Continue" has sent nothing yet; reading would request the body.
        if (!hasBody || context.Request.Headers.Expect.Count > 0)
            return;
        await context.Response.CompleteAsync();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        timeout.CancelAfter(DrainTimeout);
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            await context.Request.Body.CopyToAsync(Stream.Null, timeout.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The client disconnected, was too slow, or sent a malformed body. The response is complete, and the server closes the
            // connection.
        }
    }
}
