using System.Globalization;
using System.Text.Json;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>Validated fields of searchPicture. Either <paramref name="Picture"/> or <paramref name="VideoId"/> is given.</summary>
/// <param name="Picture">A picture file.</param>
/// <param name="VideoId">A video of the index whose picture is searched for.</param>
/// <param name="Time">Seconds in that video; null means its middle.</param>
internal sealed record PictureSearchForm(
    string IndexId, byte[]? Picture, string? VideoId, double? Time, MatchLevel Threshold, VideoFilter Filter, int Limit,
    ResultGrouping Grouping, ResultOrder Order)
{
    public const string PictureField = "picture";
    public const string TimeField = "time";

    private const string IndexField = "index_id", VideoField = "video_id", ThresholdField = "threshold", FilterField = "filter",
        GroupField = "group_by", OrderField = "sort_option";

    private const int MaxTextBytes = 1024, MaxFilterBytes = 256 * 1024;

    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<PictureSearchForm> ReadAsync(HttpRequest request, int maxPictureBytes, CancellationToken cancellationToken)
    {
        var form = await SmallForm.ReadAsync(request, new Dictionary<string, int>
        {
            [IndexField] = MaxTextBytes, [PictureField] = maxPictureBytes, [VideoField] = MaxTextBytes, [TimeField] = MaxTextBytes,
            [ThresholdField] = MaxTextBytes, [FilterField] = MaxFilterBytes, [PageLimits.Name] = MaxTextBytes,
            [GroupField] = MaxTextBytes, [OrderField] = MaxTextBytes,
        }, cancellationToken);
        SearchParsing.Require((IndexField, form.Bytes(IndexField)));
        var (picture, video) = (form.Bytes(PictureField), form.Text(VideoField));
        if (picture is null && video is null)
            throw new ApiException(ApiError.MissingOneOf(PictureField, VideoField));
        if (picture is not null && video is not null)
            throw SearchParsing.Invalid(VideoField, $"Either {PictureField} or {VideoField} can be given, not both.");
        var fields = new SearchFields(
            form.Text(IndexField), null, null, form.Text(ThresholdField), PageLimit(form.Text(PageLimits.Name)),
            ReadFilter(form.Bytes(FilterField)));
        return new PictureSearchForm(
            fields.ReadIndexId, picture, video is null ? null : Identifier.Require(VideoField, video),
            Seconds(form.Text(TimeField), video is null), fields.Level, fields.VideoFilter, fields.Limit,
            SearchFields.Grouping(form.Text(GroupField)), SearchFields.Order(form.Text(OrderField)));
    }

    private static double? Seconds(string? text, bool isPicture) => text switch
    {
        null => null,
        _ when isPicture => throw SearchParsing.Invalid(TimeField, $"It needs {VideoField}."),
        _ => ListFields.ReadNumber(TimeField, text) is var seconds and >= 0 ? seconds
            : throw SearchParsing.Invalid(TimeField, "It must be a number of seconds, 0 or more."),
    };

    /// <summary>A text that is no whole number becomes a number outside the range.</summary>
    private static int? PageLimit(string? text)
        => text is null ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : -1;

    private static JsonElement? ReadFilter(byte[]? json)
    {
        if (json is null)
            return null;
        using var document = JsonDocuments.ParseObject(FilterField, json);
        return document.RootElement.Clone();
    }
}
