using Microsoft.AspNetCore.Http.HttpResults;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The brands that were detected in a video. docs/logos.md.</summary>
public static class VideoLogoEndpoint
{
    public static void MapVideoLogos(this RouteGroupBuilder videos) => videos.MapGet("/{videoId}/logo", RetrieveLogoAsync);

    private static async Task<Ok<LogoResponse>> RetrieveLogoAsync(
        OwnedVideo video, HttpRequest request, LogoFinder logos, CancellationToken cancellationToken)
    {
        var found = await ReadAsync(video, QueryRange.Read(request.Query), logos, cancellationToken);
        return TypedResults.Ok(new LogoResponse(video.Row.Id, video.Index.Id, found.Count == 0 ? null : found));
    }

    /// <summary>Returns the brands in a range of a video, ordered by time. Empty if there are none, if the video is not indexed, or if the
    /// index lacks the option.</summary>
    internal static async Task<IReadOnlyList<LogoSegmentDto>> ReadAsync(
        OwnedVideo video, QueryRange range, LogoFinder logos, CancellationToken cancellationToken)
    {
        if (video.Row.IndexedAt is null || !video.Index.Options.Contains(IndexOptions.Logo))
            return [];
        return [.. (await logos.AllAsync(video.Index.Id, video.Row.Id, cancellationToken))
            .Where(logo => range.Overlaps(logo.Start, logo.End))
            .Select(logo => new LogoSegmentDto(logo.Start, logo.End, logo.Text!, MatchLevels.Round(logo.Score / 100)))];
    }
}
