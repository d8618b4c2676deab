using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Scalar.AspNetCore;
using VideoUnderstanding.Server.Api.Videos;

namespace VideoUnderstanding.Server.Documents;

/// <summary>Serves the OpenAPI document at <c>/openapi/v1.1.json</c> and the reference pages at <c>/docs</c>, without a key. The pages load
/// nothing from other hosts.</summary>
public static class DocumentEndpoints
{
    private const string DocumentPath = "/openapi/v1.1.json";

    private const string PagesPath = "/docs";

    public static void MapDocuments(this WebApplication app)
    {
        var document = new DocumentText(
            () => OpenApiDocument.Create(PublishedOperation.AllOf(app.Services.GetRequiredService<EndpointDataSource>()),
                DocumentText.Address));
        app.MapGet(DocumentPath,
            (HttpRequest request, IOptions<PublicAddressOptions> options)
                => Results.Text(document.For(options.Value.RootOf(request)), "application/json"));
        app.MapScalarApiReference(PagesPath, page => page
            .WithTitle("Video Understanding")
            .WithOpenApiRoutePattern(DocumentPath)
            .WithNonce()
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools());
    }
}

/// <summary>The text of the OpenAPI document. It is created at the first request, when all routes are known, and cached; only the server
/// address is replaced per request.</summary>
/// <param name="make">Creates the document with the server address <see cref="Address"/>.</param>
internal sealed class DocumentText(Func<JsonObject> make)
{
    /// <summary>Placeholder of the server address; no server can have it.</summary>
    public const string Address = "http://address.invalid";

    private readonly Lazy<string> _text = new(() => make().ToJsonString());

    /// <param name="address">Scheme and host of the server.</param>
    public string For(string address) => _text.Value.Replace(Address, JsonEncodedText.Encode(address).ToString(), StringComparison.Ordinal);
}
