using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>Runs one classification and makes its response. Throws an <see cref="ApiException"/> if the index or a video is unknown, an
/// option is not supported, or a limit is exceeded.</summary>
public sealed class ClassifyRun(
    VideoDbContext db, VideoClassification classification, ModelSet models, AnswerPages pages, ThumbnailLinks thumbnails,
    IOptions<ClassificationOptions> limits)
{
    /// <summary>The one video of the order. One that is not finished yet has no labels.</summary>
    public async Task<ClassifyVideoResponse> OneAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var index = await IndexOfVideosAsync(order.VideoIds!, http, cancellationToken);
        var videos = await LabelsAsync(order, index, cancellationToken);
        var labels = videos.SingleOrDefault() ?? new VideoLabels(order.VideoIds![0], []);
        return ClassifyVideoResponse.From(labels, order.QueryIn(index.Id).Prompts, order.View, Thumbnails(index.Addons, http.Request));
    }

    /// <summary>The named videos of the order, which are in one index.</summary>
    public async Task<ClassifyBulkResponse> SomeAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
        => await BulkAsync(order, await IndexOfVideosAsync(order.VideoIds!, http, cancellationToken), http, cancellationToken);

    /// <summary>All videos of the order's index.</summary>
    public async Task<ClassifyBulkResponse> IndexAsync(ClassifyOrder order, HttpContext http, CancellationToken cancellationToken)
    {
        var index = await LiveIndex.FindAsync(db, Caller(http), order.IndexId!, cancellationToken)
            ?? throw new ApiException(ApiError.NotFound("indexes", order.IndexId!));
        return await BulkAsync(order, index, http, cancellationToken);
    }

    /// <summary>Null when there is no such page any more.</summary>
    public async Task<ClassifyBulkResponse?> PageAsync(PageToken token, HttpContext http, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync<ClassificationResult, VideoLabels>(token, Caller(http).AccountId, cancellationToken) is not { } page)
            return null;
        var addons = await db.Indexes.Where(index => index.Id == page.Answer.IndexId).Select(index => index.Addons)
            .SingleAsync(cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(addons, http.Request));
    }

    private async Task<ClassifyBulkResponse> BulkAsync(
        ClassifyOrder order, VideoIndex index, HttpContext http, CancellationToken cancellationToken)
    {
        var videos = await LabelsAsync(order, index, cancellationToken);
        var page = await pages.StoreAsync(ClassificationResult.Of(order.QueryIn(index.Id), order.View, videos), Caller(http).AccountId,
            order.Limit, cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(index.Addons, http.Request));
    }

    private async Task<IReadOnlyList<VideoLabels>> LabelsAsync(ClassifyOrder order, VideoIndex index, CancellationToken cancellationToken)
    {
        if (order.Options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign)
            throw new ApiException(ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options));
        var query = order.QueryIn(index.Id);
        models.Require(query.Labels.SelectMany(label => label.Options.WithModels(label.Conversation)));
        var plan = await classification.PlanAsync(query, cancellationToken);
        if (plan.Comparisons > limits.Value.MaxComparisons)
            throw new ApiException(ApiError.ClassificationTooLarge(plan.Comparisons, limits.Value.MaxComparisons));
        return await SearchTelemetry.MeasureAsync("classify", order.Options, () => classification.RunAsync(plan, cancellationToken))
            ?? throw new ApiException(ApiError.ClassificationAnswerTooLarge(limits.Value.MaxClips, limits.Value.MaxLabels));
    }

    private async Task<VideoIndex> IndexOfVideosAsync(IReadOnlyList<string> ids, HttpContext http, CancellationToken cancellationToken)
    {
        var found = await db.Videos.OwnedBy(Caller(http).AccountId).Where(video => ids.Contains(video.Id))
            .Select(video => new { video.Id, video.IndexId }).ToListAsync(cancellationToken);
        if (ids.FirstOrDefault(id => found.All(video => video.Id != id)) is { } unknown)
            throw new ApiException(ApiError.NotFound("videos", unknown));
        if (found.Select(video => video.IndexId).Distinct().Count() > 1)
            throw new ApiException(ApiError.Invalid("video_ids", "All videos must be in one index."));
        return await LiveIndex.FindAsync(db, Caller(http), found[0].IndexId, cancellationToken)
            ?? throw new ApiException(ApiError.NotFound("videos", ids[0]));
    }

    /// <summary>Addresses are signed anew for every page, so that they work as long as the page is looked at.</summary>
    private Func<string, double, string>? Thumbnails(string[] addons, HttpRequest request)
        => addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null;

    private static Caller Caller(HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
