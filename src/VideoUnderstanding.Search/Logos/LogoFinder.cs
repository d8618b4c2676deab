using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Finds brands in videos: their names in the text on screen, and parts of pictures that look like a picture of the gallery.
/// docs/logos.md.</summary>
public sealed class LogoFinder(VideoDbContext db, BrandList known, IOptions<LogoSearchOptions> options, IOptions<VideoSearchOptions> limits)
{
    /// <summary>Up to so many brands are looked for one by one; for more, all text is read once.</summary>
    private const int FewBrands = 5;

    private const int LinesAtOnce = 5_000;

    private readonly LogoSearchOptions _settings = options.Value;

    private readonly double _similarity = options.Value.MinSimilarity ?? LogoSearchOptions.UsualSimilarity;

    private readonly ClipReader _reader = new(db, limits);

    /// <param name="most">Stretches that are wanted, at least: reading ends when so many are found, and of those that are seen the surest
    /// are kept.</param>
    /// <returns>Stretches of the brands that the text asks for. The fragment's text is the brand.</returns>
    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, int most, CancellationToken cancellationToken)
    {
        var gallery = await GalleryAsync(scope.IndexId, cancellationToken);
        var brands = known.With(gallery);
        var asked = BrandQuery.Of(text, brands);
        if (asked.Count == 0)
            return [];
        var search = new BrandSearch([.. brands.Where(brand => asked.ContainsKey(brand.Name))], brands, gallery, most);
        var found = await SightingsAsync(scope, search, cancellationToken);
        return [.. found.Select(fragment => fragment with { Score = Math.Min(fragment.Score, asked[fragment.Text!]) })];
    }

    /// <returns>Everything that is recognised in one video, in order of time.</returns>
    public async Task<IReadOnlyList<Fragment>> AllAsync(string indexId, string videoId, CancellationToken cancellationToken)
    {
        var gallery = await GalleryAsync(indexId, cancellationToken);
        var brands = known.With(gallery);
        var scope = new SearchScope(indexId, new VideoFilter([new VideoIsOneOf([videoId])]));
        var found = await SearchTableStore.InSnapshotAsync(db, indexId, tables => SightingsAsync(scope with { Tables = tables },
            new BrandSearch(brands, brands, gallery, int.MaxValue), cancellationToken), () => [], cancellationToken);
        return [.. found
            .OrderBy(found => found.Start).ThenBy(found => found.End).ThenBy(found => found.Text, StringComparer.Ordinal)];
    }

    /// <summary>The brands of the gallery of the account that has the index.</summary>
    private Task<List<string>> GalleryAsync(string indexId, CancellationToken cancellationToken)
        => db.Logos.Where(logo => db.Indexes.Any(index => index.Id == indexId && index.AccountId == logo.AccountId))
            .Select(logo => logo.Name).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);

    private async Task<IReadOnlyList<Fragment>> SightingsAsync(SearchScope scope, BrandSearch search, CancellationToken cancellationToken)
    {
        var found = new List<Fragment>();
        // All brands are read, so that a line that belongs to a brand of longer name is told the same way whatever was asked.
        var words = new BrandReader(search.Known);
        foreach (var letters in search.Letters)
            found.AddRange(await ReadAsync(scope, letters, words, search, cancellationToken));
        if (search.Pictured is { Count: > 0 })
            found.AddRange(await SeenAsync(scope, search, cancellationToken));
        return Sightings.Merge(
            found.Select(fragment => new Sighting(fragment.VideoId, fragment.Text!, fragment.Start, fragment.End, fragment.Score)),
            _settings.BridgedSeconds);
    }

    private async Task<IReadOnlyList<Fragment>> ReadAsync(
        SearchScope scope, string letters, BrandReader words, BrandSearch search, CancellationToken cancellationToken)
    {
        var sightings = new SightingStream(_settings.BridgedSeconds, search.Most);
        await foreach (var line in LinesAsync(scope, letters, cancellationToken))
        {
            foreach (var brand in words.Find(line.Text).Where(search.Names.Contains))
                sightings.Add(new Sighting(line.VideoId, brand, line.Start, line.End, FixedScores.Exact));
            // What is read is all equally sure.
            if (sightings.IsFull)
                break;
        }
        return sightings.End();
    }

    /// <summary>In parts: the database would send a whole answer to its end, also when no more of it is wanted.</summary>
    private async IAsyncEnumerable<ScreenLine> LinesAsync(
        SearchScope scope, string letters, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ScreenLine> lines = [ScreenLine.None];
        do
        {
            lines = await _reader.ScreenLinesWithAsync(scope, letters, lines[^1], LinesAtOnce, cancellationToken);
            foreach (var line in lines)
                yield return line;
        }
        while (lines.Count == LinesAtOnce);
    }

    private async Task<IReadOnlyList<Fragment>> SeenAsync(SearchScope scope, BrandSearch search, CancellationToken cancellationToken)
    {
        var sightings = new SightingStream(_settings.BridgedSeconds, search.Most);
        await foreach (var region in _reader.RegionsLikeAsync(scope, search.Pictured, 1 - _similarity, cancellationToken))
            sightings.Add(
                new Sighting(region.VideoId, region.Brand, region.Start, region.End, Sightings.ScoreOf(1 - region.Distance, _similarity)));
        return sightings.End();
    }

    /// <summary>What one request looks for.</summary>
    /// <param name="Known">All brands.</param>
    /// <param name="Gallery">Names of brands that have pictures.</param>
    /// <param name="Most">Stretches that are wanted.</param>
    private sealed record BrandSearch(
        IReadOnlyList<Brand> Wanted, IReadOnlyList<Brand> Known, IReadOnlyCollection<string> Gallery, int Most)
    {
        public IReadOnlySet<string> Names { get; } = Wanted.Select(brand => brand.Name).ToHashSet();

        public IReadOnlyCollection<string> Pictured { get; } = [.. Wanted.Select(brand => brand.Name).Where(Gallery.Contains)];

        /// <summary>What lines must have, one way or another.</summary>
        public IEnumerable<string> Letters
            => Wanted.Count <= FewBrands ? Wanted.SelectMany(brand => brand.Spellings).Select(ScreenLineQueries.LettersOf).Distinct()
                : [""];
    }
}
