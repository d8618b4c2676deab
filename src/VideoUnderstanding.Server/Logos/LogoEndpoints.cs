using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Logos;

/// <summary>The administration API of logo galleries, an extension to version 1.1. It uses the keys and errors of v1.1.
/// docs/logos.md.</summary>
public static class LogoEndpoints
{
    private const string Collection = "logos";

    public static void MapLogoGallery(this WebApplication app)
    {
        var logos = app.MapGroup("/admin/logos").WithTags("Logo gallery").WithMetadata(new ApiKeyRequired());
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
        // Checked before the picture is decoded, and again when it is added.
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
    }

    private static async Task<Ok<ListResponse<GalleryLogoResponse>>> ListGalleryLogosAsync(
        HttpRequest request, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        var (rows, info) = await ListQuery<Logo>.Read(request.Query, GalleryList.Table)
            .RunAsync(db.Logos.OwnedBy(caller.AccountId), cancellationToken, LogoGallery.WithoutPictures);
        return TypedResults.Ok(new ListResponse<GalleryLogoResponse>([.. rows.Select(GalleryLogoResponse.From)], info));
    }

    private static async Task<Results<Ok<GalleryLogoResponse>, ApiError>> RetrieveGalleryLogoAsync(
        string logoId, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        Identifier.Require("logo-id", logoId);
        return await LogoGallery.WithoutPictures(db.Logos.OwnedBy(caller.AccountId))
            .SingleOrDefaultAsync(row => row.Id == logoId, cancellationToken) is { } logo
            ? TypedResults.Ok(GalleryLogoResponse.From(logo))
            : ApiError.NotFound(Collection, logoId);
    }

    private static async Task<Results<FileContentHttpResult, ApiError>> DownloadGalleryLogoAsync(
        string logoId, HttpContext context, Caller caller, VideoDbContext db, CancellationToken cancellationToken)
    {
        Identifier.Require("logo-id", logoId);
        var file = await db.Logos.OwnedBy(caller.AccountId).Where(row => row.Id == logoId).Select(row => new { row.Picture, row.MediaType })
            .SingleOrDefaultAsync(cancellationToken);
        if (file is null)
            return ApiError.NotFound(Collection, logoId);
        // The content comes from a user, so browsers must not guess another type.
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Bytes(file.Picture, file.MediaType);
    }

    private static async Task<Results<NoContent, ApiError>> DeleteGalleryLogoAsync(
        string logoId, Caller caller, LogoGallery gallery, CancellationToken cancellationToken)
    {
        Identifier.Require("logo-id", logoId);
        return await gallery.RemoveAsync(caller.AccountId, logoId, cancellationToken) ? TypedResults.NoContent()
            : ApiError.NotFound(Collection, logoId);
    }
}

/// <summary>The fields of createGalleryLogo.</summary>
internal sealed record LogoForm(string Name, byte[] Picture)
{
    public const string NameField = "name";
    public const string FileField = "file";

    private const int MaxNameBytes = 4 * 1024;

    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<LogoForm> ReadAsync(HttpRequest request, int maxPictureBytes, CancellationToken cancellationToken)
    {
        var form = await SmallForm.ReadAsync(
            request, new Dictionary<string, int> { [NameField] = MaxNameBytes, [FileField] = maxPictureBytes }, cancellationToken);
        if (new[] { NameField, FileField }.Where(name => form.Bytes(name) is null).ToArray() is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
        var brand = form.Text(NameField)!;
        return LogoGallery.CheckName(brand) is { } wrong ? throw new ApiException(ApiError.Invalid(NameField, wrong))
            : new LogoForm(brand, form.Bytes(FileField)!);
    }
}

/// <summary>A picture of the logo gallery. docs/logos.md.</summary>
/// <param name="Name">The brand.</param>
/// <param name="MediaType">Media type of the uploaded file.</param>
public sealed record GalleryLogoResponse(
    [property: JsonPropertyName("_id")] string Id, string Name, string MediaType, DateTimeOffset CreatedAt)
{
    public static GalleryLogoResponse From(Logo logo) => new(logo.Id, logo.Name, logo.MediaType, logo.CreatedAt);
}

/// <summary>Filters of the list of pictures.</summary>
internal static class GalleryList
{
    public static ListTable<Logo> Table { get; } = new(
    [
        ListFields.Id<Logo>("_id", logo => logo.Id),
        ListFields.NormalText<Logo>("name", logo => logo.NormalName),
        ListFields.Time<Logo>("created_at", logo => logo.CreatedAt, TimeSpan.FromMilliseconds(1)),
    ], logo => logo.Id, logo => logo.CreatedAt, logo => logo.CreatedAt, OldestFirst: true);
}
