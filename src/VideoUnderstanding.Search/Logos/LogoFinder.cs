using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Finds brands in videos: by their names in screen text, and by frame regions that resemble a logo of the gallery.
/// docs/logos.md.</summary>
public sealed class LogoFinder(
    VideoDbContext db, LogoVectors vectors, BrandList known, IOptions<LogoSearchOptions> options, IOptions<VideoSearchOptions> limits)
{
    /// <summary>Up to this many brands are searched with one query each; for more, all screen text is read once.</summary>
    private const int MaxSeparateBrandQueries = 5;

    private const int LinesPerQuery = 5_000;

    private readonly LogoSearchOptions _settings = options.Value;

    private readonly ClipReader _reader = new(new SnapshotConnections(db), limits);

    /// <summary>Creates missing vectors of logos. Must be called before the snapshot of a search with the option logo.</summary>
    /// <exception cref="Inference.ModelUnavailableException">Vectors are missing, and the visual model is unavailable.</exception>
    public Task PrepareAsync(string indexId, CancellationToken cancellationToken) => vectors.EnsureAsync(indexId, cancellationToken);

    /// <param name="maxFragments">Reading screen text stops at this many fragments; of those from frame regions the ones with the highest
    /// scores are kept.</param>
    /// <returns>Fragments of the brands that the text names. <see cref="Fragment.Text"/> is the brand name.</returns>
    public async Task<IReadOnlyList<Fragment>> FindAsync(
        SearchScope scope, string text, int maxFragments, CancellationToken cancellationToken)
    {
        var gallery = await GalleryAsync(scope.IndexId, cancellationToken);
        var brands = known.With(gallery);
        var maxScores = BrandQuery.Of(text, brands);
        if (maxScores.Count == 0)
            return [];
        var search = new BrandSearch([.. brands.Where(brand => maxScores.ContainsKey(brand.Name))], brands, gallery, maxFragments);
        var found = await DetectionsAsync(scope, search, cancellationToken);
        return [.. found.Select(fragment => fragment with { Score = Math.Min(fragment.Score, maxScores[fragment.Text!]) })];
    }

    /// <returns>All brands detected in one video, in order of time.</returns>
    public async Task<IReadOnlyList<Fragment>> AllAsync(string indexId, string videoId, CancellationToken cancellationToken)
    {
        await PrepareAsync(indexId, cancellationToken);
        var gallery = await GalleryAsync(indexId, cancellationToken);
        var brands = known.With(gallery);
        var scope = new SearchScope(indexId, new VideoFilter([new VideoIsOneOf([videoId])]));
        var found = await SearchTableStore.InSnapshotAsync(db, indexId, tables => DetectionsAsync(scope with { Tables = tables },
            new BrandSearch(brands, brands, gallery, int.MaxValue), cancellationToken), () => [], cancellationToken);
        return [.. found
            .OrderBy(found => found.Start).ThenBy(found => found.End).ThenBy(found => found.Text, StringComparer.Ordinal)];
    }

    /// <summary>Returns the gallery brands of the account that owns the index.</summary>
    private Task<List<string>> GalleryAsync(string indexId, CancellationToken cancellationToken)
        => db.Logos.Where(logo => db.Indexes.Any(index => index.Id == indexId && index.AccountId == logo.AccountId))
            .Select(logo => logo.Name).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);

    private async Task<IReadOnlyList<Fragment>> DetectionsAsync(SearchScope scope, BrandSearch search, CancellationToken cancellationToken)
    {
        var found = new List<Fragment>();
        // Matches all known brands, so that the brand of a line does not depend on the query when one name contains another.
        var words = new BrandReader(search.Known);
        foreach (var letters in search.Letters)
            found.AddRange(await ReadAsync(scope, letters, words, search, cancellationToken));
        if (search.WithPictures is { Count: > 0 })
            found.AddRange(await SeenAsync(scope, search, cancellationToken));
        return LogoDetections.Merge(
            found.Select(fragment => new LogoDetection(fragment.VideoId, fragment.Text!, fragment.Start, fragment.End, fragment.Score)),
            _settings.BridgedSeconds);
    }

    private async Task<IReadOnlyList<Fragment>> ReadAsync(
        SearchScope scope, string letters, BrandReader words, BrandSearch search, CancellationToken cancellationToken)
    {
        var detections = new LogoDetectionMerger(_settings.BridgedSeconds, search.MaxFragments);
        await foreach (var line in LinesAsync(scope, letters, cancellationToken))
        {
            foreach (var brand in words.Find(line.Text).Where(search.Names.Contains))
                detections.Add(new LogoDetection(line.VideoId, brand, line.Start, line.End, FixedScores.Exact));
            // All name matches have the same score, so further lines cannot improve the result.
            if (detections.IsFull)
                break;
        }
        return detections.End();
    }

    /// <summary>Reads the lines in pages, because PostgreSQL would otherwise send the whole result even if reading stops early.</summary>
    private async IAsyncEnumerable<ScreenLine> LinesAsync(
        SearchScope scope, string letters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ScreenLine> lines = [ScreenLine.None];
        do
        {
            lines = await _reader.ScreenLinesWithAsync(scope, letters, lines[^1], LinesPerQuery, cancellationToken);
            foreach (var line in lines)
                yield return line;
        }
        while (lines.Count == LinesPerQuery);
    }

    private async Task<IReadOnlyList<Fragment>> SeenAsync(SearchScope scope, BrandSearch search, CancellationToken cancellationToken)
    {
        var detections = new LogoDetectionMerger(_settings.BridgedSeconds, search.MaxFragments);
        var (model, similarity) = (vectors.ModelOf(scope.Tables.Profile), vectors.SimilarityOf(scope.Tables.Profile));
        await foreach (var region in _reader.RegionsLikeAsync(scope, search.WithPictures, model, 1 - similarity, cancellationToken))
            detections.Add(
                new LogoDetection(region.VideoId, region.Brand, region.Start, region.End,
                    LogoDetections.ScoreOf(1 - region.Distance, similarity)));
        return detections.End();
    }

    /// <summary>The brands of one request.</summary>
    /// <param name="Known">All known brands.</param>
    /// <param name="Gallery">Names of brands with logo pictures.</param>
    /// <param name="MaxFragments">Maximum number of fragments.</param>
    private sealed record BrandSearch(
        IReadOnlyList<Brand> Wanted, IReadOnlyList<Brand> Known, IReadOnlyCollection<string> Gallery, int MaxFragments)
    {
        public IReadOnlySet<string> Names { get; } = Wanted.Select(brand => brand.Name).ToHashSet();

        public IReadOnlyCollection<string> WithPictures { get; } = [.. Wanted.Select(brand => brand.Name).Where(Gallery.Contains)];

        /// <summary>Letter sequences to search for; an empty one reads all lines.</summary>
        public IEnumerable<string> Letters
            => Wanted.Count <= MaxSeparateBrandQueries
                ? Wanted.SelectMany(brand => brand.Spellings).Select(ScreenLineQueries.LettersOf).Distinct()
                : [""];
    }
}
