using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Pictures;

/// <summary>The unit vector of a picture.</summary>
/// <param name="Profile">Profile whose visual model made it; null: the profile of the installation.</param>
public sealed record PictureVector(float[] Vector, string? Profile);

/// <summary>A search for moments that look like a picture.</summary>
/// <param name="Threshold">Minimum level of a clip; <see cref="MatchLevel.None"/> returns everything.</param>
public sealed record PictureQuery(
    string IndexId, PictureVector Picture, MatchLevel Threshold = MatchLevel.Low, VideoFilter? Filter = null);

/// <summary>Finds the moments of an index's videos that look like a picture. Moments are found as for a text; their scores have a
/// calibration of their own.</summary>
public sealed class PictureSearch(
    VideoDbContext db, IQueryVectors vectors, PictureDecoder decoder, IndexSamples samples, SideConnectionLimit sides,
    IOptions<VideoSearchOptions> options)
{
    private readonly SnapshotConnections _connections = new(db, sides);
    private readonly VideoSearchOptions _limits = options.Value;

    /// <summary>Embeds a picture file with the present model of an index.</summary>
    /// <exception cref="Media.MediaException">The file is not a readable picture or is too large; the message can be shown to
    /// users.</exception>
    /// <exception cref="Inference.ModelUnavailableException">The visual model is unavailable.</exception>
    public async Task<PictureVector> EmbedAsync(string indexId, byte[] file, CancellationToken cancellationToken)
    {
        var picture = await decoder.DecodeAsync(file, _limits.PictureBytes, _limits.PicturePixels, cancellationToken);
        var profile = (await SearchTableStore.ReadAsync(db, indexId, cancellationToken)).Profile;
        return new PictureVector(await vectors.OfProfile(profile).ForPictureAsync(picture.ToFrame(), cancellationToken), profile);
    }

    /// <summary>Returns the stored vector of the picture that a video shows at a time. It needs no model and no decoding.</summary>
    /// <param name="time">Seconds. Before the first picture and after the last one, that picture is used.</param>
    /// <returns>Null if the index has no picture of the video.</returns>
    public Task<PictureVector?> VectorAtAsync(string indexId, string videoId, double time, CancellationToken cancellationToken)
        => SearchTableStore.InSnapshotAsync(db, indexId, async tables =>
        {
            var frames = db.FramesIn(tables).Where(frame => frame.VideoId == videoId && frame.IndexId == indexId);
            var shown = await frames.Where(frame => frame.Start <= time).OrderByDescending(frame => frame.Start)
                    .Select(frame => frame.Embedding).FirstOrDefaultAsync(cancellationToken)
                ?? await frames.OrderBy(frame => frame.Start).Select(frame => frame.Embedding).FirstOrDefaultAsync(cancellationToken);
            return shown is null ? null : new PictureVector(Array.ConvertAll(shown.ToArray(), value => (float)value), tables.Profile);
        }, () => null, cancellationToken);

    /// <returns>The clips at or above the query's threshold, best first; at most <see cref="VideoSearchOptions.Clips"/>. Null if the index
    /// was switched to other models since the picture was embedded.</returns>
    public Task<IReadOnlyList<ClipMatch>?> FindAsync(PictureQuery query, CancellationToken cancellationToken)
        => SearchTableStore.InSnapshotAsync<IReadOnlyList<ClipMatch>?>(db, query.IndexId, async tables =>
        {
            if (tables.Profile != query.Picture.Profile)
                return null;
            var scope = new SearchScope(query.IndexId, query.Filter ?? VideoFilter.None) { Tables = tables };
            var found = await LikeAsync(scope, query.Picture, cancellationToken);
            return [
                .. ClipMerging.Merge(found, OptionOperator.Or, [IndexOptions.Visual])
                    .Where(clip => MatchLevels.Of(clip.Score) >= query.Threshold).Take(_limits.Clips)];
        }, () => [], cancellationToken);

    /// <summary>Returns the scores around hits of a picture, as a search computes them.</summary>
    /// <param name="hits">At least one. The curve is empty if the video is not searchable or is in another index.</param>
    /// <returns>One curve per hit; none if the index was deleted. Null if the index was switched to other models since the picture was
    /// embedded.</returns>
    public Task<IReadOnlyList<HitCurve>?> CurvesAsync(
        string indexId, PictureVector picture, IReadOnlyList<HitRange> hits, CancellationToken cancellationToken)
        => SearchTableStore.InSnapshotAsync<IReadOnlyList<HitCurve>?>(db, indexId, async tables =>
        {
            if (tables.Profile != picture.Profile)
                return null;
            var windows = hits.Select(CurveWindow.Around).ToList();
            var found = await Frames(picture).CurvesAsync(new SearchScope(indexId, VideoFilter.None) { Tables = tables }, picture.Vector,
                EvidenceRole.Picture, windows, cancellationToken);
            return [.. windows.Zip(found, (window, scores) => HitCurve.Of(window, scores, []))];
        }, () => [], cancellationToken);

    /// <summary>Returns the moments with their evidence, for calibration.</summary>
    /// <param name="picture">Embedded with the present model of the index.</param>
    public Task<IReadOnlyList<Fragment>> EvidenceAsync(string indexId, PictureVector picture, CancellationToken cancellationToken)
        => SearchTableStore.InSnapshotAsync(db, indexId,
            tables => LikeAsync(new SearchScope(indexId, VideoFilter.None) { Tables = tables }, picture, cancellationToken), () => [],
            cancellationToken);

    private Task<IReadOnlyList<Fragment>> LikeAsync(SearchScope scope, PictureVector picture, CancellationToken cancellationToken)
        => _connections.SharedAsync(() => Frames(picture).LikePictureAsync(scope, picture.Vector, cancellationToken), cancellationToken);

    /// <summary>The frames, with the scores of the picture's profile.</summary>
    private VisualFragments Frames(PictureVector picture)
        => new(new ClipReader(_connections, options, samples), vectors.OfProfile(picture.Profile), options);
}
