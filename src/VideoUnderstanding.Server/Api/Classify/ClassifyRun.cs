using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>What was answered, or why not.</summary>
public readonly record struct Classified<T>(T? Value, ApiError? Error) where T : class
{
    public static implicit operator Classified<T>(T value) => new(value, null);

    public static implicit operator Classified<T>(ApiError error) => new(null, error);
}

/// <summary>One classification from the understood request to the answer.</summary>
public sealed class ClassifyRun(
    VideoDbContext db, VideoClassification classification, ClassificationPages pages, ThumbnailLinks thumbnails, IOptions<ClassificationOptions> limits)
{
    /// <summary>The one video of the order. One that is not finished yet has no labels.</summary>
    public async Task<Classified<ClassifyVideoResponse>> OneAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await IndexOfVideosAsync(order.VideoIds!, http, cancellationToken);
        if (found.Value is not { } index)
            return found.Error!;
        var labels = await LabelsAsync(order, index, cancellationToken);
        return labels.Value is { } videos
            ? ClassifyVideoResponse.From(
                videos.SingleOrDefault() ?? new VideoLabels(order.VideoIds![0], []), order.QueryIn(index.Id).Prompts, order.View, Thumbnails(index.Addons, http.Request))
            : labels.Error!;
    }

    /// <summary>The named videos of the order, which are in one index.</summary>
    public async Task<Classified<ClassifyBulkResponse>> SomeAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await IndexOfVideosAsync(order.VideoIds!, http, cancellationToken);
        return found.Value is { } index ? await BulkAsync(order, index, http, cancellationToken) : found.Error!;
    }

    /// <summary>All videos of the order's index.</summary>
    public async Task<Classified<ClassifyBulkResponse>> IndexAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
        => await LiveIndex.FindAsync(db, Caller(http), order.IndexId!, cancellationToken) is { } index
            ? await BulkAsync(order, index, http, cancellationToken)
            : ApiError.NotFound("indexes", order.IndexId!);

    /// <summary>Null when there is no such page any more.</summary>
    public async Task<ClassifyBulkResponse?> PageAsync(PageToken token, HttpContext http, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync(token, Caller(http).AccountId, cancellationToken) is not { } page)
            return null;
        var addons = await db.Indexes.Where(index => index.Id == page.Result.IndexId).Select(index => index.Addons).SingleAsync(cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(addons, http.Request));
    }

    private async Task<Classified<ClassifyBulkResponse>> BulkAsync(ClassifyOrder order, VideoIndex index, HttpContext http, CancellationToken cancellationToken)
    {
        var labels = await LabelsAsync(order, index, cancellationToken);
        if (labels.Value is not { } videos)
            return labels.Error!;
        var page = await pages.FreezeAsync(ClassificationResult.Of(order.QueryIn(index.Id), order.View, videos), Caller(http).AccountId, order.Limit, cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(index.Addons, http.Request));
    }

    private async Task<Classified<IReadOnlyList<VideoLabels>>> LabelsAsync(ClassifyOrder order, VideoIndex index, CancellationToken cancellationToken)
    {
        if (order.Options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign)
            return ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options);
        var plan = await classification.PlanAsync(order.QueryIn(index.Id), cancellationToken);
        if (plan.Comparisons > limits.Value.MaxComparisons)
            return ApiError.ClassificationTooLarge(plan.Comparisons, limits.Value.MaxComparisons);
        try
        {
            return await classification.RunAsync(plan, cancellationToken) is { } videos
                ? new Classified<IReadOnlyList<VideoLabels>>(videos, null)
                : ApiError.ClassificationAnswerTooLarge(limits.Value.MaxClips, limits.Value.MaxLabels);
        }
        catch (ModelUnavailableException missing)
        {
            return ApiError.ModelUnavailable(missing.Message);
        }
    }

    private async Task<Classified<VideoIndex>> IndexOfVideosAsync(IReadOnlyList<string> ids, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await db.Videos.OwnedBy(Caller(http).AccountId).Where(video => ids.Contains(video.Id)).Select(video => new { video.Id, video.IndexId }).ToListAsync(cancellationToken);
        if (ids.FirstOrDefault(id => found.All(video => video.Id != id)) is { } unknown)
            return ApiError.NotFound("videos", unknown);
        if (found.Select(video => video.IndexId).Distinct().Count() > 1)
            return ApiError.Invalid("video_ids", "All videos must be in one index.");
        return await LiveIndex.FindAsync(db, Caller(http), found[0].IndexId, cancellationToken) is { } index ? index : ApiError.NotFound("videos", ids[0]);
    }

    /// <summary>Addresses are signed anew for every page, so that they work as long as the page is looked at.</summary>
    private Func<string, double, string>? Thumbnails(string[] addons, HttpRequest request)
        => addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null;

    private static Caller Caller(HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
