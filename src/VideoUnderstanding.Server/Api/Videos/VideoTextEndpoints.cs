using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>Transcripts and screen text of videos.</summary>
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

    /// <summary>Returns the segments that overlap the range, ordered by time. Empty if there are none, or if the video is not
    /// indexed.</summary>
    /// <param name="maxSegments">Maximum segments.</param>
    internal static async Task<IReadOnlyList<TextSegmentDto>> ReadAsync(
        VideoDbContext db, OwnedVideo video, TextSource source, QueryRange range, int maxSegments, CancellationToken cancellationToken)
    {
        // Screen text is also recognised for brand names; then it is not returned.
        if (video.Row.IndexedAt is null || (source == TextSource.Screen && !video.Index.Options.Contains(IndexOptions.TextInVideo)))
            return [];
        var (from, until) = range;
        var segments = await SearchTableStore.InSnapshotAsync(db, video.Index.Id, tables => db.SegmentsIn(tables)
            .Where(segment => segment.VideoId == video.Row.Id && segment.Source == source && segment.Start <= until && segment.End >= from)
            .OrderBy(segment => segment.Number)
            .Take(maxSegments)
            .Select(segment => new TextRow(segment.Start, segment.End, segment.Text))
            .ToListAsync(cancellationToken), () => [], cancellationToken);
        return [.. segments.Select(segment => source == TextSource.Speech ? SpeechSegment(segment.Start, segment.End, segment.Text)
            : ScreenSegment(segment.Start, segment.End, segment.Text))];
    }

    private sealed record TextRow(double Start, double End, string Text);

    private static TextSegmentDto SpeechSegment(double start, double end, string text)
        => new(Math.Round(start, 3), Math.Round(end, 3), text);

    /// <summary>Screen text has whole seconds: the start is rounded down, the end up.</summary>
    private static TextSegmentDto ScreenSegment(double start, double end, string text) => new(Math.Floor(start), Math.Ceiling(end), text);
}
