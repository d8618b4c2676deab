using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>What is said and what is written in a video.</summary>
public static class VideoTextEndpoints
{
    public static void MapVideoTexts(this RouteGroupBuilder videos)
    {
        videos.MapGet("/{videoId}/transcription", RetrieveTranscriptionAsync);
        videos.MapGet("/{videoId}/text-in-video", RetrieveTextInVideoAsync);
    }

    private static Task<Ok<TextResponse>> RetrieveTranscriptionAsync(
        OwnedVideo video, HttpRequest request, VideoDbContext db, CancellationToken cancellationToken)
        => RetrieveAsync(video, TextSource.Speech, request, db, cancellationToken);

    private static Task<Ok<TextResponse>> RetrieveTextInVideoAsync(
        OwnedVideo video, HttpRequest request, VideoDbContext db, CancellationToken cancellationToken)
        => RetrieveAsync(video, TextSource.Screen, request, db, cancellationToken);

    private static async Task<Ok<TextResponse>> RetrieveAsync(
        OwnedVideo video, TextSource source, HttpRequest request, VideoDbContext db, CancellationToken cancellationToken)
    {
        var segments = await ReadAsync(db, video, source, QueryRange.Read(request.Query), int.MaxValue, cancellationToken);
        return TypedResults.Ok(new TextResponse(video.Row.Id, video.Index.Id, segments.Count == 0 ? null : segments));
    }

    /// <summary>The words of a video that touch the range, in order of time. Empty if there are none, and while the video is not
    /// indexed.</summary>
    /// <param name="most">Segments to read.</param>
    internal static async Task<IReadOnlyList<TextSegmentDto>> ReadAsync(
        VideoDbContext db, OwnedVideo video, TextSource source, QueryRange range, int most, CancellationToken cancellationToken)
    {
        // Text on screen is also read for the names of brands; then it is nothing to be told.
        if (video.Row.IndexedAt is null || (source == TextSource.Screen && !video.Index.Options.Contains(IndexOptions.TextInVideo)))
            return [];
        var (from, until) = range;
        var segments = await SearchTableStore.InSnapshotAsync(db, video.Index.Id, tables => db.SegmentsIn(tables)
            .Where(segment => segment.VideoId == video.Row.Id && segment.Source == source && segment.Start <= until && segment.End >= from)
            .OrderBy(segment => segment.Number)
            .Take(most)
            .Select(segment => new Stretch(segment.Start, segment.End, segment.Text))
            .ToListAsync(cancellationToken), () => [], cancellationToken);
        return [.. segments.Select(segment => source == TextSource.Speech ? Spoken(segment.Start, segment.End, segment.Text)
            : Shown(segment.Start, segment.End, segment.Text))];
    }

    private sealed record Stretch(double Start, double End, string Text);

    private static TextSegmentDto Spoken(double start, double end, string text) => new(Math.Round(start, 3), Math.Round(end, 3), text);

    /// <summary>Screen text is given in whole seconds that hold all of the stretch.</summary>
    private static TextSegmentDto Shown(double start, double end, string text) => new(Math.Floor(start), Math.Ceiling(end), text);
}
