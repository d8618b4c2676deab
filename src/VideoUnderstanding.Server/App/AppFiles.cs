using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;

namespace VideoUnderstanding.Server.App;

/// <summary>The built files of the web app (web/build.sh), embedded into the server. All page addresses return the same page; its script
/// reads the address.</summary>
internal static class AppFiles
{
    private const string Prefix = "VideoUnderstanding.Server.App/";
    private const string Page = "index.html";

    /// <summary>Names of scripts and styles contain a hash of their content, so these files never change.</summary>
    private const string CacheForever = "public, max-age=31536000, immutable";

    private static readonly FrozenDictionary<string, AppFile> Files = typeof(AppFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => new AppFile(name), StringComparer.Ordinal);

    /// <summary>Page addresses of the app. A new page of web/src needs an entry here.</summary>
    private static readonly string[] Pages =
    [
        "/", "/sign-in", "/setup", "/indexes/{indexId}", "/indexes/{indexId}/videos/{videoId}", "/search", "/combined", "/classify",
        "/keys", "/webhooks", "/integrations", "/users", "/server", "/account",
    ];

    public static void MapAppFiles(this WebApplication app)
    {
        foreach (var page in Pages)
            app.MapGet(page, (HttpContext context) => SendAsync(context, Page, "no-cache")).WithMetadata(new AppPage());
        app.MapGet("/assets/{name}", (string name, HttpContext context) => SendAsync(context, $"assets/{name}", CacheForever));
    }

    private static async Task SendAsync(HttpContext context, string name, string caching)
    {
        if (!Files.TryGetValue(name, out var file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var response = context.Response;
        response.Headers.ETag = file.Tag;
        response.Headers.CacheControl = caching;
        response.Headers.Vary = "Accept-Encoding";
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        var acceptsBrotli = context.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.Ordinal);
        var content = acceptsBrotli ? file.Compressed : file.Content;
        if (acceptsBrotli)
            response.Headers.ContentEncoding = "br";
        response.ContentType = file.Type;
        response.ContentLength = content.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(content, context.RequestAborted);
    }

    private sealed class AppFile
    {
        private readonly Lazy<byte[]> _compressed;

        public AppFile(string resource)
        {
            using var stream = typeof(AppFiles).Assembly.GetManifestResourceStream(resource)!;
            Content = new byte[stream.Length];
            stream.ReadExactly(Content);
            // A weak tag, because compressed and plain responses have the same tag.
            Tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..32]}\"";
            Type = Path.GetExtension(resource) switch
            {
                ".html" => "text/html; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".css" => "text/css; charset=utf-8",
                ".svg" => "image/svg+xml",
                var other => throw new InvalidOperationException($"The web app has a file of the unknown type {other}."),
            };
            _compressed = new Lazy<byte[]>(() => Compress(Content));
        }

        public byte[] Content { get; }
        public byte[] Compressed => _compressed.Value;
        public string Tag { get; }
        public string Type { get; }

        private static byte[] Compress(byte[] content)
        {
            using var compressed = new MemoryStream();
            using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
                brotli.Write(content);
            return compressed.ToArray();
        }
    }
}

/// <summary>Endpoint metadata: the response is a page of the web app.</summary>
internal sealed class AppPage;
