using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.ResultPages;
using VideoUnderstanding.Server.Api.Indexes;
using VideoUnderstanding.Server.Api.Videos;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Classify;

/// <summary>Runs one classification and creates its response. Throws an <see cref="ApiException"/> if the index or a video is unknown, an
/// option is not supported, or a limit is exceeded.</summary>
public sealed class ClassifyRun(
    VideoDbContext db, VideoClassification classification, ModelSets models, AnswerPages pages, ThumbnailLinks thumbnails,
    IOptions<ClassificationOptions> limits)
{
    /// <summary>Classifies one video. A video that is not indexed yet has no labels.</summary>
    public async Task<ClassifyVideoResponse> ClassifyOneAsync(
        ClassifyParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var index = await IndexOfVideosAsync(parameters.VideoIds!, http, cancellationToken);
        var videos = await FindLabelsAsync(parameters, index, cancellationToken);
        var labels = videos.SingleOrDefault() ?? new VideoLabels(parameters.VideoIds![0], []);
        return ClassifyVideoResponse.From(
            labels, parameters.QueryIn(index.Id).Prompts, parameters.View, Thumbnails(index.Addons, http.Request));
    }

    /// <summary>Classifies the given videos, which must be in one index.</summary>
    public async Task<ClassifyBulkResponse> ClassifySomeAsync(
        ClassifyParameters parameters, HttpContext http, CancellationToken cancellationToken)
        => await CreatePageAsync(
            parameters, await IndexOfVideosAsync(parameters.VideoIds!, http, cancellationToken), http, cancellationToken);

    /// <summary>Classifies all videos of the index.</summary>
    public async Task<ClassifyBulkResponse> ClassifyIndexAsync(
        ClassifyParameters parameters, HttpContext http, CancellationToken cancellationToken)
    {
        var index = await LiveIndex.FindAsync(db, Caller(http), parameters.IndexId!, cancellationToken)
            ?? throw new ApiException(ApiError.NotFound("indexes", parameters.IndexId!));
        return await CreatePageAsync(parameters, index, http, cancellationToken);
    }

    /// <summary>Returns a page of a stored result, or null if it does not exist or has expired.</summary>
    public async Task<ClassifyBulkResponse?> PageAsync(PageToken token, HttpContext http, CancellationToken cancellationToken)
    {
        if (await pages.FindAsync<ClassificationResult, VideoLabels>(token, Caller(http).AccountId, cancellationToken) is not { } page)
            return null;
        var addons = await db.Indexes.Where(index => index.Id == page.Answer.IndexId).Select(index => index.Addons)
            .SingleAsync(cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(addons, http.Request));
    }

    private async Task<ClassifyBulkResponse> CreatePageAsync(
        ClassifyParameters parameters, VideoIndex index, HttpContext http, CancellationToken cancellationToken)
    {
        var videos = await FindLabelsAsync(parameters, index, cancellationToken);
        var page = await pages.StoreAsync(ClassificationResult.Of(parameters.QueryIn(index.Id), parameters.View, videos),
            Caller(http).AccountId, parameters.Limit, cancellationToken);
        return ClassifyBulkResponse.From(page, Thumbnails(index.Addons, http.Request));
    }

    private async Task<IReadOnlyList<VideoLabels>> FindLabelsAsync(
        ClassifyParameters parameters, VideoIndex index, CancellationToken cancellationToken)
    {
        if (parameters.Options.FirstOrDefault(option => !index.Options.Contains(option)) is { } foreign)
            throw new ApiException(ApiError.SearchOptionNotSupported(foreign, index.Id, index.Options));
        var query = parameters.QueryIn(index.Id);
        var tables = await SearchTableStore.ReadAsync(db, index.Id, cancellationToken);
        models.Of(tables.Profile).Models.Require(query.Labels.SelectMany(label => label.Options.WithModels(label.Conversation)));
        var plan = await classification.PlanAsync(query, cancellationToken);
        if (plan.Comparisons > limits.Value.MaxComparisons)
            throw new ApiException(ApiError.ClassificationTooLarge(plan.Comparisons, limits.Value.MaxComparisons));
        return await SearchTelemetry.MeasureAsync("classify", parameters.Options, () => classification.RunAsync(plan, cancellationToken))
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

    /// <summary>Thumbnail addresses are signed for each request, so they are valid while the page is shown.</summary>
    private Func<string, double, string>? Thumbnails(string[] addons, HttpRequest request)
        => addons.Contains(IndexAddons.Thumbnail) ? (video, time) => thumbnails.Create(request, video, time) : null;

    private static Caller Caller(HttpContext http) => http.Features.GetRequiredFeature<Caller>();
}
