using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.Server.Logos.Administration;

/// <summary>The administration API of logo galleries. Version 1.1 has none, so it stands beside it; keys and errors are the same. docs/logos.md.</summary>
public static class LogoRoutes
{
    public static void MapLogoGallery(this WebApplication app)
        => app.MapGroup("/admin/logos").WithTags("Logo gallery").WithMetadata(new ApiKeyRequired()).MapGalleryLogos();
}
