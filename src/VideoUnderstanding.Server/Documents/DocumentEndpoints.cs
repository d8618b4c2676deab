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
