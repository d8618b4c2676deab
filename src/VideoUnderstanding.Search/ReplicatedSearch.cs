using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Pictures;

namespace VideoUnderstanding.Search;

/// <summary>Runs searches on the standby if there is one that has caught up, otherwise on the primary: see
/// <see cref="ReadReplica"/>.</summary>
public sealed class ReplicatedSearch(IServiceProvider services, VideoDbContext primary, ReadReplica replica)
{
    /// <inheritdoc cref="VideoSearch.FindAsync(SearchQuery, CancellationToken)"/>
    public Task<IReadOnlyList<ClipMatch>> FindAsync(SearchQuery query, CancellationToken cancellationToken)
        => replica.ReadAsync(primary, db => SearchIn(db).FindAsync(query, cancellationToken), cancellationToken);

    /// <inheritdoc cref="VideoSearch.FindAsync(CombinedSearchQuery, CancellationToken)"/>
    public Task<IReadOnlyList<ClipMatch>> FindAsync(CombinedSearchQuery query, CancellationToken cancellationToken)
        => replica.ReadAsync(primary, db => SearchIn(db).FindAsync(query, cancellationToken), cancellationToken);

    /// <inheritdoc cref="VideoSearch.CurvesAsync"/>
    public Task<IReadOnlyList<HitCurve>> CurvesAsync(
        string indexId, string text, IReadOnlyList<HitRange> hits, CancellationToken cancellationToken)
        => replica.ReadAsync(primary, db => SearchIn(db).CurvesAsync(indexId, text, hits, cancellationToken), cancellationToken);

    /// <inheritdoc cref="PictureSearch.FindAsync"/>
    public Task<IReadOnlyList<ClipMatch>?> FindAsync(PictureQuery query, CancellationToken cancellationToken)
        => replica.ReadAsync(primary, db => PicturesIn(db).FindAsync(query, cancellationToken), cancellationToken);

    /// <inheritdoc cref="PictureSearch.CurvesAsync"/>
    public Task<IReadOnlyList<HitCurve>?> CurvesAsync(
        string indexId, PictureVector picture, IReadOnlyList<HitRange> hits, CancellationToken cancellationToken)
        => replica.ReadAsync(primary, db => PicturesIn(db).CurvesAsync(indexId, picture, hits, cancellationToken), cancellationToken);

    private PictureSearch PicturesIn(VideoDbContext db)
        => db == primary ? services.GetRequiredService<PictureSearch>() : ActivatorUtilities.CreateInstance<PictureSearch>(services, db);

    private VideoSearch SearchIn(VideoDbContext db)
        => db == primary
            ? services.GetRequiredService<VideoSearch>()
            // All statements of a search share one snapshot, so the logos are read by the same context.
            : ActivatorUtilities.CreateInstance<VideoSearch>(services, db, ActivatorUtilities.CreateInstance<LogoFinder>(services, db));
}
