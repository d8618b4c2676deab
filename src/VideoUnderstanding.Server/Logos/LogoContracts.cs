using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Logos;

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
