using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Mcp;

/// <summary>MCP tools that read one video.</summary>
internal sealed class VideoTools(
    VideoDbContext db, LogoFinder logos, ThumbnailFiles pictures, RateLimits limits, IHttpContextAccessor accessor)
{
    private const string StartText = "Start in seconds. Default: the start of the video.";
    private const string EndText = "End in seconds. Default: the end of the video.";

    private Caller Caller => accessor.HttpContext!.Features.GetRequiredFeature<Caller>();

    [McpServerTool(Name = "get_transcript", Title = "What is said in a video", ReadOnly = true, OpenWorld = false)]
    [Description("Returns what is said in a video, with times. A long transcript comes in parts: call again with start set to "
        + "continue_at.")]
    public Task<McpTextDto> GetTranscriptAsync(
        [Description("Id of the video.")] string video,
        [Description(StartText)] double? start = null,
        [Description(EndText)] double? end = null,
        CancellationToken cancellationToken = default) => TextAsync(video, TextSource.Speech, start, end, cancellationToken);

    [McpServerTool(Name = "get_screen_text", Title = "What is written in a video", ReadOnly = true, OpenWorld = false)]
    [Description("Returns the text that is shown in a video, with times. A long text comes in parts: call again with start set to "
        + "continue_at.")]
    public Task<McpTextDto> GetScreenTextAsync(
        [Description("Id of the video.")] string video,
        [Description(StartText)] double? start = null,
        [Description(EndText)] double? end = null,
        CancellationToken cancellationToken = default) => TextAsync(video, TextSource.Screen, start, end, cancellationToken);

    [McpServerTool(Name = "describe_moment", Title = "Describe a moment of a video", ReadOnly = true, OpenWorld = false)]
    [Description("Returns what is said, written and shown as brands in an interval of a video.")]
    public async Task<McpMomentDto> DescribeMomentAsync(
        [Description("Id of the video.")] string video,
        [Description("Start of the interval in seconds.")] double start,
        [Description("End of the interval in seconds.")] double end,
        CancellationToken cancellationToken = default)
    {
        limits.TakeCostly(Caller.Id);
        var range = QueryRange.Create(start, end);
        var found = await IndexedAsync(video, cancellationToken);
        bool Has(string option) => found.Index.Options.Contains(option);
        return new McpMomentDto(found.Row.Id, found.Row.Title ?? found.Row.Filename, start, end,
            Has(IndexOptions.Conversation) ? await TextAsync(found, TextSource.Speech, range, cancellationToken) : null,
            Has(IndexOptions.TextInVideo) ? await TextAsync(found, TextSource.Screen, range, cancellationToken) : null,
            Has(IndexOptions.Logo)
                ? [.. (await VideoLogoEndpoint.ReadAsync(found, range, logos, cancellationToken)).Take(McpTextDto.MaxSegments)]
                : null);
    }

    [McpServerTool(Name = "get_thumbnail", Title = "A picture of a video", ReadOnly = true, OpenWorld = false)]
    [Description("Returns a picture of a video as JPEG, at most 1280 pixels wide or high.")]
    public async Task<IReadOnlyList<ContentBlock>> GetThumbnailAsync(
        [Description("Id of the video.")] string video,
        [Description("Position in seconds. Default: the middle of the video.")] double? time = null,
        CancellationToken cancellationToken = default)
    {
        limits.TakeCostly(Caller.Id);
        var found = await OwnedVideo.FindAsync(db, Caller, video, cancellationToken);
        // As in the API, a picture requires the thumbnail add-on or a video that may be streamed.
        if (found.Row.IsStreamDisabled && !found.Index.Addons.Contains(IndexAddons.Thumbnail))
            throw new ApiException(ApiError.Invalid("video",
                "It was uploaded with disable_video_stream to an index without the thumbnail add-on, so it is not shown."));
        var at = ThumbnailFiles.ResolveTime(found.Row, time);
        await using var picture = await pictures.OpenAsync(found.Row, at, cancellationToken)
            ?? throw new ApiException(ApiError.Invalid("time", "The video has no picture there."));
        using var bytes = new MemoryStream();
        await picture.CopyToAsync(bytes, cancellationToken);
        return
        [
            ImageContentBlock.FromBytes(bytes.ToArray(), "image/jpeg"),
            new TextContentBlock
            {
                Text = string.Create(CultureInfo.InvariantCulture, $"{found.Row.Title ?? found.Row.Filename} at {Math.Round(at, 3)} s"),
            },
        ];
    }

    private async Task<McpTextDto> TextAsync(
        string video, TextSource source, double? start, double? end, CancellationToken cancellationToken)
        => await TextAsync(await IndexedAsync(video, cancellationToken), source, QueryRange.Create(start, end), cancellationToken);

    private async Task<McpTextDto> TextAsync(OwnedVideo video, TextSource source, QueryRange range, CancellationToken cancellationToken)
        => McpTextDto.From(
            await VideoTextEndpoints.ReadAsync(db, video, source, range, McpTextDto.MaxSegments + 1, cancellationToken));

    /// <exception cref="ApiException">Malformed identifier, no such video, or the video is not indexed.</exception>
    private async Task<OwnedVideo> IndexedAsync(string id, CancellationToken cancellationToken)
    {
        var video = await OwnedVideo.FindAsync(db, Caller, id, cancellationToken);
        return video.Row.IndexedAt is not null ? video
            : throw new ApiException(ApiError.Invalid("video", "It is not indexed yet, or its indexing has failed."));
    }
}
