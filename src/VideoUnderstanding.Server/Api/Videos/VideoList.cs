using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The filters of the list of videos. A name that is not in the table is a custom metadata field. CONTRACT, section 4.</summary>
internal static class VideoList
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static ListTable<Video> Table { get; } = new(
    [
        ListFields.Id<Video>("_id", video => video.Id),
        ListFields.NormalText<Video>("filename", video => video.NormalFilename),
        ListFields.NormalText<Video>("title", video => video.NormalTitle),
        ListFields.Seconds<Video>("duration", video => video.Duration, video => Math.Floor(video.Duration!.Value)),
        ListFields.Number<Video>("fps", video => video.FramesPerSecond),
        ListFields.Number<Video>("width", video => video.Width),
        ListFields.Number<Video>("height", video => video.Height),
        ListFields.Number<Video>("size", video => video.Size),
        ListFields.Time<Video>("created_at", video => video.CreatedAt, Second),
        ListFields.Time<Video>("updated_at", video => video.UpdatedAt, Second),
        ListFields.Time<Video>("indexed_at", video => video.IndexedAt, Second),
    ], video => video.Id, video => video.CreatedAt, video => video.UpdatedAt, Fallback: Custom);

    private static ListField<Video> Custom(string name) => new(name, true, (videos, comparison, text) => comparison == Comparison.Equal
        ? EqualTo(videos, name, text)
        : CompareNumber(videos, name, comparison, ListFields.ReadNumber(name, text)));

    /// <summary>Values are compared with their JSON type, so the text is also compared as a number or a boolean if it parses as
    /// one.</summary>
    private static IQueryable<Video> EqualTo(IQueryable<Video> videos, string name, string text)
    {
        var asText = ToJson(name, JsonValue.Create(text));
        // For a plain text both conditions are equal, so that all filters use one query and one plan.
        var asOther = bool.TryParse(text, out var boolean) ? ToJson(name, JsonValue.Create(boolean))
            : ExactNumber.Read(text) is { } number ? ToJson(name, number)
            : asText;
        return videos.WithMetadata(asText, asOther);
    }

    /// <summary>Compares numbers only: stored texts never match.</summary>
    private static IQueryable<Video> CompareNumber(IQueryable<Video> videos, string name, Comparison comparison, double bound)
    {
        var operation = comparison == Comparison.AtLeast ? ">=" : "<=";
        var field = JsonSerializer.Serialize(NormalForm.Composed(name));
        var path = $"$.{field} ? (@ {operation} {bound.ToString("R", CultureInfo.InvariantCulture)})";
        return videos.Where(video => MetadataQueries.PathExists(video.NormalCustomMetadata, path));
    }

    private static string ToJson(string name, JsonNode value) => NormalFields.Of(new JsonObject { [name] = value }.ToJsonString());
}
