using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Logos.Administration;

public static class LogoEndpoints
{
    private const string Collection = "logos";

    public static void MapGalleryLogos(this RouteGroupBuilder logos)
    {
        logos.MapPost("/", CreateGalleryLogoAsync);
        logos.MapGet("/", ListGalleryLogosAsync);
        logos.MapGet("/{logoId}", RetrieveGalleryLogoAsync);
        logos.MapGet("/{logoId}/picture", DownloadGalleryLogoAsync);
        logos.MapDelete("/{logoId}", DeleteGalleryLogoAsync);
    }

    private static async Task<Results<Created<CreatedIdResponse>, ApiError>> CreateGalleryLogoAsync(
        HttpRequest request, Caller caller, LogoGallery gallery, CancellationToken cancellationToken)
    {
        var form = await LogoForm.ReadAsync(request, gallery.Limits.MaxPictureBytes, cancellationToken);
        var full = ApiError.UsageLimit($"A gallery can have {gallery.Limits.MaxPictures} pictures. Please remove one and try again.");
        // Before the work of reading the picture; asked once more when it is added.
        if (await gallery.IsFullAsync(caller.AccountId, cancellationToken))
            return full;
        try
        {
            return await gallery.AddAsync(caller.AccountId, form.Name, form.Picture, cancellationToken) is { } logo
                ? TypedResults.Created((string?)null, new CreatedIdResponse(logo.Id))
                : full;
        }
        catch (MediaException unreadable)
        {
            return ApiError.Invalid(LogoForm.FileField, unreadable.Message);
        }
        catch (ModelUnavailableException missing)
        {
            return ApiError.ModelUnavailable(missing.Message);
        }
    }

    private static async Task<Ok<ListResponse<GalleryLogoResponse>>> ListGalleryLogosAsync(HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var (rows, info) = await ListQuery<Logo>.Read(request.Query, GalleryList.Table).RunAsync(LogoGallery.Bare(db.Logos.OwnedBy(caller.AccountId)), cancellationToken);
        return TypedResults.Ok(new ListResponse<GalleryLogoResponse>([.. rows.Select(GalleryLogoResponse.From)], info));
    }

    private static async Task<Results<Ok<GalleryLogoResponse>, ApiError>> RetrieveGalleryLogoAsync(string logoId, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        if (Identifier.Check("logo-id", logoId) is { } malformed)
            return malformed;
        return await LogoGallery.Bare(db.Logos.OwnedBy(caller.AccountId)).SingleOrDefaultAsync(row => row.Id == logoId, cancellationToken) is { } logo
            ? TypedResults.Ok(GalleryLogoResponse.From(logo))
            : ApiError.NotFound(Collection, logoId);
    }

    private static async Task<Results<FileContentHttpResult, ApiError>> DownloadGalleryLogoAsync(
        string logoId, HttpContext context, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        if (Identifier.Check("logo-id", logoId) is { } malformed)
            return malformed;
        var file = await db.Logos.OwnedBy(caller.AccountId).Where(row => row.Id == logoId).Select(row => new { row.Picture, row.MediaType }).SingleOrDefaultAsync(cancellationToken);
        if (file is null)
            return ApiError.NotFound(Collection, logoId);
        // Bytes of a user: a browser shall not take them for anything else.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(file.Picture, file.MediaType);
    }

    private static async Task<Results<NoContent, ApiError>> DeleteGalleryLogoAsync(string logoId, Caller caller, LogoGallery gallery, CancellationToken cancellationToken)
    {
        if (Identifier.Check("logo-id", logoId) is { } malformed)
            return malformed;
        return await gallery.RemoveAsync(caller.AccountId, logoId, cancellationToken) ? TypedResults.NoContent() : ApiError.NotFound(Collection, logoId);
    }
}
