using System.Globalization;
using System.Text.Json;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Search;

/// <summary>The query picture of a form, and the index. Either <paramref name="Picture"/> or <paramref name="VideoId"/> is given.</summary>
/// <param name="Picture">A picture file.</param>
/// <param name="VideoId">A video of the index whose picture is searched for.</param>
/// <param name="Time">Seconds in that video; null means its middle.</param>
internal sealed record WantedPicture(string IndexId, byte[]? Picture, string? VideoId, double? Time)
{
    public const string PictureField = "picture";
    public const string TimeField = "time";

    /// <summary>Maximum size of a field with a short text.</summary>
    public const int MaxTextBytes = 1024;

    private const string IndexField = "index_id", VideoField = "video_id";

    /// <summary>Reads a form with the fields of a picture and others.</summary>
    /// <param name="others">The other fields with the maximum size of each.</param>
    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<(WantedPicture Wanted, SmallForm Form)> ReadAsync(
        HttpRequest request, int maxPictureBytes, IEnumerable<KeyValuePair<string, int>> others, CancellationToken cancellationToken)
    {
        var form = await SmallForm.ReadAsync(request, new Dictionary<string, int>(others)
        {
            [IndexField] = MaxTextBytes, [PictureField] = maxPictureBytes, [VideoField] = MaxTextBytes, [TimeField] = MaxTextBytes,
        }, cancellationToken);
        SearchParsing.Require((IndexField, form.Bytes(IndexField)));
        var (picture, video) = (form.Bytes(PictureField), form.Text(VideoField));
        if (picture is null && video is null)
            throw new ApiException(ApiError.MissingOneOf(PictureField, VideoField));
        if (picture is not null && video is not null)
            throw SearchParsing.Invalid(VideoField, $"Either {PictureField} or {VideoField} can be given, not both.");
        return (new WantedPicture(Identifier.Require(IndexField, form.Text(IndexField)), picture,
            video is null ? null : Identifier.Require(VideoField, video), Seconds(form.Text(TimeField), video is null)), form);
    }

    private static double? Seconds(string? text, bool isPicture) => text switch
    {
        null => null,
        _ when isPicture => throw SearchParsing.Invalid(TimeField, $"It needs {VideoField}."),
        _ => ListFields.ReadNumber(TimeField, text) is var seconds and >= 0 ? seconds
            : throw SearchParsing.Invalid(TimeField, "It must be a number of seconds, 0 or more."),
    };
}

/// <summary>Validated fields of searchPicture.</summary>
internal sealed record PictureSearchForm(
    WantedPicture Wanted, MatchLevel Threshold, VideoFilter Filter, int Limit, ResultGrouping Grouping, ResultOrder Order)
{
    private const string ThresholdField = "threshold", FilterField = "filter", GroupField = "group_by", OrderField = "sort_option";

    private const int MaxFilterBytes = 256 * 1024;

    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<PictureSearchForm> ReadAsync(HttpRequest request, int maxPictureBytes, CancellationToken cancellationToken)
    {
        var (wanted, form) = await WantedPicture.ReadAsync(request, maxPictureBytes, new Dictionary<string, int>
        {
            [ThresholdField] = WantedPicture.MaxTextBytes, [FilterField] = MaxFilterBytes, [PageLimits.Name] = WantedPicture.MaxTextBytes,
            [GroupField] = WantedPicture.MaxTextBytes, [OrderField] = WantedPicture.MaxTextBytes,
        }, cancellationToken);
        var fields = new SearchFields(
            wanted.IndexId, null, null, form.Text(ThresholdField), PageLimit(form.Text(PageLimits.Name)),
            ReadFilter(form.Bytes(FilterField)));
        return new PictureSearchForm(wanted, fields.Level, fields.VideoFilter, fields.Limit,
            SearchFields.Grouping(form.Text(GroupField)), SearchFields.Order(form.Text(OrderField)));
    }

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
