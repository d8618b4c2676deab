using Scalar.AspNetCore;
using VideoUnderstanding.Server.App;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.Server.Headers;

/// <summary>Content security policies by path. Responses that are not pages may load nothing.</summary>
internal static class ContentPolicies
{
    private const string NoFraming = "frame-ancestors 'none'; base-uri 'none'";
    private const string DenyAll = $"default-src 'none'; form-action 'none'; {NoFraming}";

    /// <summary>The web app loads only files of this server. The player passes the video, and a search its picture, as a <c>blob:</c>
    /// address.</summary>
    private const string AppPages = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        + $"media-src 'self' blob:; connect-src 'self'; form-action 'self'; {NoFraming}";

    /// <summary>The Hangfire dashboard loads its scripts from the server and sets style attributes.</summary>
    private const string JobPagesPolicy =
        $"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src "
            + $"'self'; form-action 'self'; {NoFraming}";

    /// <param name="path">The full path of the request; in mapped branches the context has only a part of it.</param>
    public static string For(HttpContext context, PathString path)
    {
        if (path.StartsWithSegments(JobPages.Root))
            return JobPagesPolicy;
        if (context.GetEndpoint()?.Metadata.GetMetadata<AppPage>() is not null)
            return AppPages;
        return path.StartsWithSegments("/docs") ? Documents(context.Items[ScalarOptions.NonceHttpContextItemKey] as string) : DenyAll;
    }

    /// <summary>The reference pages set style attributes; their scripts have a nonce per response.</summary>
    private static string Documents(string? nonce)
        => $"default-src 'none'; script-src 'self'{(nonce is null ? "" : $" 'nonce-{nonce}'")}; style-src 'self' 'unsafe-inline'; img-src "
            + $"'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; {NoFraming}";
}
