using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using ModelContextProtocol.Server;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Search;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Mcp;

/// <summary>MCP tools that list indexes and videos, and search.</summary>
internal sealed class LibraryTools(VideoDbContext db, SearchRun search, RateLimits limits, IHttpContextAccessor accessor)
{
    private Caller Caller => accessor.HttpContext!.Features.GetRequiredFeature<Caller>();

    [McpServerTool(Name = "list_indexes", Title = "List the indexes", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the indexes, oldest first, 50 per page. An index is a collection of videos with the options by which they can "
        + "be searched.")]
    public async Task<McpPageDto<McpIndexDto>> ListIndexesAsync(
        [Description("Number of the page, from 1.")] int page = 1, CancellationToken cancellationToken = default)
    {
        var (rows, info) = await Page(page, IndexList.Table)
            .RunAsync(db.Indexes.AsNoTracking().OwnedBy(Caller.AccountId).Live(), cancellationToken);
        var totals = await IndexTotals.ReadAsync(db, [.. rows.Select(index => index.Id)], cancellationToken);
        return Page(info, rows.Select(index =>
        {
            var total = totals.GetValueOrDefault(index.Id);
            return new McpIndexDto(index.Id, index.Name, index.Options, total.VideoCount, total.TotalDuration);
        }));
    }

    [McpServerTool(Name = "list_videos", Title = "List the videos of an index", ReadOnly = true, OpenWorld = false)]
    [Description("Lists the videos of an index, newest first, 50 per page.")]
    public async Task<McpPageDto<McpVideoDto>> ListVideosAsync(
        [Description("Id of the index.")] string index,
        [Description("Number of the page, from 1.")] int page = 1,
        CancellationToken cancellationToken = default)
    {
        var indexRow = await IndexAsync(index, cancellationToken);
        var (rows, info) = await Page(page, VideoList.Table)
            .RunAsync(db.Videos.AsNoTracking().Where(video => video.IndexId == indexRow.Id), cancellationToken);
        return Page(info, rows.Select(McpVideoDto.From));
    }

    [McpServerTool(Name = "search_videos", Title = "Search an index", ReadOnly = true, OpenWorld = false)]
    [Description("Finds moments in the videos of an index by a description or by words, best first.")]
    public async Task<McpSearchDto> SearchVideosAsync(
        [Description("Id of the index.")] string index,
        [Description("What to look for, such as 'a dog runs over a path' or words that are said.")] string query,
        [Description("Where to look: visual (what is seen), conversation (what is said), text_in_video (what is written), logo (brands). "
            + "Default: all options of the index.")]
        string[]? options = null,
        [Description("Minimum confidence of the moments: high, medium, low or none. Default: low.")] string? threshold = null,
        [Description("Id of a video, to search only in it.")] string? video = null,
        [Description("Maximum number of moments, 1 to 50.")] int limit = PageLimits.Default,
        CancellationToken cancellationToken = default)
    {
        limits.TakeCostly(Caller.Id);
        if (limit is < 1 or > PageLimits.Max)
            throw new ApiException(ApiError.Invalid("limit", $"It must be a whole number from 1 to {PageLimits.Max}."));
        var indexRow = await IndexAsync(index, cancellationToken);
        JsonElement? filter = video is null ? null
            : JsonSerializer.SerializeToElement(new { id = new[] { Identifier.Require("video", video) } });
        var request = new SearchRequest(
            JsonSerializer.SerializeToElement(query), indexRow.Id, options ?? indexRow.Options, null, threshold, null, null, null, limit,
            filter);
        var answer = await search.RunAsync(request.Read(), accessor.HttpContext!, cancellationToken);
        var clips = answer.Data.Cast<ClipDto>().ToList();
        var ids = clips.Select(clip => clip.VideoId).Distinct().ToList();
        var names = await db.Videos.AsNoTracking().Where(row => ids.Contains(row.Id))
            .ToDictionaryAsync(row => row.Id, row => row.Title ?? row.Filename, cancellationToken);
        return new McpSearchDto([.. clips.Select(clip => McpHitDto.From(clip, names.GetValueOrDefault(clip.VideoId, "")))],
            answer.PageInfo.TotalResults);
    }

    /// <exception cref="ApiException">Malformed identifier, or no such index.</exception>
    private async Task<VideoIndex> IndexAsync(string id, CancellationToken cancellationToken)
        => await LiveIndex.FindAsync(db, Caller, Identifier.Require("index", id), cancellationToken)
            ?? throw new ApiException(ApiError.NotFound("indexes", id));

    private static ListQuery<T> Page<T>(int page, ListTable<T> table) where T : class => ListQuery<T>.Read(
        new QueryCollection(new Dictionary<string, Microsoft.Extensions.Primitives.StringValues>
        {
            ["page"] = page.ToString(CultureInfo.InvariantCulture),
            [PageLimits.Name] = PageLimits.Max.ToString(CultureInfo.InvariantCulture),
        }), table);

    private static McpPageDto<T> Page<T>(PageInfoDto info, IEnumerable<T> entries)
        => new([.. entries], info.TotalResults, info.Page < info.TotalPage ? info.Page + 1 : null);
}
