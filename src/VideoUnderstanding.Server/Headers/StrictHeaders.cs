using Microsoft.Extensions.Primitives;

namespace VideoUnderstanding.Server.Headers;

/// <summary>Adds security headers to all responses, including errors.</summary>
public sealed class StrictHeaders(RequestDelegate next)
{
    private const string OneYear = "max-age=31536000";

    public Task InvokeAsync(HttpContext context)
    {
        // Added when the response starts: then the endpoint is known, and whether the request used TLS.
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
        headers.ContentSecurityPolicy = ContentPolicies.For(context, path);
        if (context.Request.IsHttps)
            headers.StrictTransportSecurity = OneYear;
        if (path.StartsWithSegments("/app") && StringValues.IsNullOrEmpty(headers.CacheControl))
            headers.CacheControl = "no-store";
    }
}
