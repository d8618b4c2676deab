using Scalar.AspNetCore;
using VideoUnderstanding.Server.App;
using VideoUnderstanding.Server.App.Operator;

namespace VideoUnderstanding.Server.Headers;

/// <summary>What a page of this server may load and do, by its path. Everything that is not a page may do nothing.</summary>
internal static class ContentPolicies
{
    private const string Closed = "frame-ancestors 'none'; base-uri 'none'";
    private const string Nothing = $"default-src 'none'; form-action 'none'; {Closed}";

    /// <summary>The web app: only files of this server. The player gives the video to the browser as a <c>blob:</c> address.</summary>
    private const string App = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
        + $"connect-src 'self'; form-action 'self'; {Closed}";

    /// <summary>Hangfire's pages load their scripts from the server; they write lengths of bars and legends of charts into style
    /// attributes.</summary>
    private const string Jobs =
        $"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src "
            + $"'self'; form-action 'self'; {Closed}";

    /// <param name="path">As it was asked for: mapped branches see only their own part of it.</param>
    public static string Of(HttpContext context, PathString path)
    {
        if (path.StartsWithSegments(JobPages.Root))
            return Jobs;
        if (context.GetEndpoint()?.Metadata.GetMetadata<AppPage>() is not null)
            return App;
        return path.StartsWithSegments("/docs") ? Documents(context.Items[ScalarOptions.NonceHttpContextItemKey] as string) : Nothing;
    }

    /// <summary>The reference sets styles on elements; its scripts carry a number that is new for every answer.</summary>
    private static string Documents(string? nonce)
        => $"default-src 'none'; script-src 'self'{(nonce is null ? "" : $" 'nonce-{nonce}'")}; style-src 'self' 'unsafe-inline'; img-src "
            + $"'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; {Closed}";
}
