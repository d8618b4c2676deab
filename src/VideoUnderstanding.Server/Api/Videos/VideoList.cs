using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Server.Api.Reading;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>By what the list of videos can be filtered: technical facts, and any other name as a custom metadata field. CONTRACT, section
/// 4.</summary>
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
    ], video => video.Id, video => video.CreatedAt, video => video.UpdatedAt, Otherwise: Custom);

    private static ListField<Video> Custom(string name) => new(name, true, (videos, comparison, text) => comparison == Comparison.Equal
        ? Equal(videos, name, text)
        : Bounded(videos, name, comparison, ListFields.ReadNumber(name, text)));

    /// <summary>The text is compared with the stored type, so it is tried as every type it could stand for.</summary>
    private static IQueryable<Video> Equal(IQueryable<Video> videos, string name, string text)
    {
        var asText = With(name, JsonValue.Create(text));
        // A value that is no number or boolean is asked for as a text twice: one query, one plan.
        var asOther = bool.TryParse(text, out var boolean) ? With(name, JsonValue.Create(boolean))
            : ExactNumber.Read(text) is { } number ? With(name, number)
            : asText;
        return videos.WithMetadata(asText, asOther);
    }

    /// <summary>Numbers only: a stored text is neither above nor below a number.</summary>
    private static IQueryable<Video> Bounded(IQueryable<Video> videos, string name, Comparison comparison, double bound)
    {
        var operation = comparison == Comparison.AtLeast ? ">=" : "<=";
        var field = JsonSerializer.Serialize(NormalForm.Composed(name));
        var path = $"$.{field} ? (@ {operation} {bound.ToString("R", CultureInfo.InvariantCulture)})";
        return videos.Where(video => MetadataFunctions.PathExists(video.NormalCustomMetadata, path));
    }

    private static string With(string name, JsonNode value) => NormalFields.Of(new JsonObject { [name] = value }.ToJsonString());
}
