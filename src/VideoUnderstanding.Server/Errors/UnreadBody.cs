using Microsoft.AspNetCore.Http.Features;

namespace VideoUnderstanding.Server.Errors;

/// <summary>
/// Reads what is left of a refused request's body and throws it away. Many clients send all of a body before they look for an answer;
/// if the connection closed under them, they would report a broken pipe and not the error.
/// </summary>
internal static class UnreadBody
{
    /// <summary>A client that still sends after this long is cut off.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task DrainAsync(HttpContext context)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true;
        // Whoever expects "100 Continue" has sent nothing yet; reading now would ask for it.
        if (!hasBody || context.Request.Headers.Expect.Count > 0)
            return;
        await context.Response.CompleteAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        patience.CancelAfter(Patience);
        try
        {
            if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
                limit.MaxRequestBodySize = null;
            await context.Request.Body.CopyToAsync(Stream.Null, patience.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException)
        {
            // The client left, or took too long, or the body was malformed from here on: the answer is out, and the server closes the
            // connection.
        }
    }
}
