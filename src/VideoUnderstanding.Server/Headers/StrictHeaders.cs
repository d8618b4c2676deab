using Microsoft.Extensions.Primitives;

namespace VideoUnderstanding.Server.Headers;

/// <summary>What every answer tells browsers to leave alone, errors included.</summary>
public sealed class StrictHeaders(RequestDelegate next)
{
    private const string OneYear = "max-age=31536000";

    public Task InvokeAsync(HttpContext context)
    {
        // At the start of the answer: by then it is known what is sent, and whether the request came over TLS.
        var path = context.Request.Path;
        context.Response.OnStarting(() =>
        {
            Write(context, path);
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static void Write(HttpContext context, PathString path)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = ContentPolicies.Of(context, path);
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
        if (path.StartsWithSegments("/app") && StringValues.IsNullOrEmpty(headers.CacheControl))
            headers.CacheControl = "no-store";
    }
}
