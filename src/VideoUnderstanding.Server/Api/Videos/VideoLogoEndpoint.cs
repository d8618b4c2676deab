using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Which brands are recognised in a video. docs/logos.md.</summary>
public static class VideoLogoEndpoint
{
    public static void MapVideoLogos(this RouteGroupBuilder videos) => videos.MapGet("/{videoId}/logo", RetrieveLogoAsync);

    private static async Task<Ok<LogoResponse>> RetrieveLogoAsync(OwnedVideo video, HttpRequest request, LogoFinder logos, CancellationToken cancellationToken)
    {
        var range = QueryRange.Read(request.Query);
        if (video.Row.IndexedAt is null || !video.Index.Options.Contains(IndexOptions.Logo))
            return TypedResults.Ok(new LogoResponse(video.Row.Id, video.Index.Id, null));
        var found = (await logos.AllAsync(video.Index.Id, video.Row.Id, cancellationToken)).Where(logo => range.Touches(logo.Start, logo.End))
            .Select(logo => new LogoSegmentDto(logo.Start, logo.End, logo.Text!, MatchLevels.Round(logo.Score / 100))).ToList();
        return TypedResults.Ok(new LogoResponse(video.Row.Id, video.Index.Id, found.Count == 0 ? null : found));
    }
}
