using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;
using VideoUnderstanding.Search.Words;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Finds brands in videos: their names in the text on screen, and parts of pictures that look like a picture of the gallery. docs/logos.md.</summary>
public sealed class LogoFinder(VideoDbContext db, BrandList known, IOptions<LogoSearchOptions> options)
{
    /// <summary>Up to so many brands are looked for one by one; for more, all text is read once.</summary>
    private const int FewBrands = 5;

    private readonly LogoSearchOptions settings = options.Value;

    // What is found is bounded by what is stored of a video, and searches keep the best of it.
    private readonly ClipReader reader = new(db, Options.Create(new VideoSearchOptions()));

    /// <returns>Stretches of the brands that the text asks for. The fragment's text is the brand.</returns>
    public async Task<IReadOnlyList<Fragment>> FindAsync(SearchScope scope, string text, CancellationToken cancellationToken)
    {
        var gallery = await GalleryAsync(scope.IndexId, cancellationToken);
        var brands = known.With(gallery);
        var asked = BrandQuery.Of(text, brands);
        if (asked.Count == 0)
            return [];
        var found = await SightingsAsync(scope, [.. brands.Where(brand => asked.ContainsKey(brand.Name))], brands, gallery, cancellationToken);
        return [.. found.Select(fragment => fragment with { Score = Math.Min(fragment.Score, asked[fragment.Text!]) })];
    }

    /// <returns>Everything that is recognised in one video, in order of time.</returns>
    public async Task<IReadOnlyList<Fragment>> AllAsync(string indexId, string videoId, CancellationToken cancellationToken)
    {
        var gallery = await GalleryAsync(indexId, cancellationToken);
        var brands = known.With(gallery);
        var scope = new SearchScope(indexId, new VideoFilter([new VideoIsOneOf([videoId])]));
        return [.. (await SightingsAsync(scope, brands, brands, gallery, cancellationToken)).OrderBy(found => found.Start).ThenBy(found => found.End).ThenBy(found => found.Text, StringComparer.Ordinal)];
    }

    /// <summary>The brands of the gallery of the account that has the index.</summary>
    private Task<List<string>> GalleryAsync(string indexId, CancellationToken cancellationToken)
        => db.Logos.Where(logo => db.Indexes.Any(index => index.Id == indexId && index.AccountId == logo.AccountId))
            .Select(logo => logo.Name).Distinct().OrderBy(name => name).ToListAsync(cancellationToken);

    private async Task<IReadOnlyList<Fragment>> SightingsAsync(
        SearchScope scope, IReadOnlyList<Brand> wanted, IReadOnlyList<Brand> brands, IReadOnlyCollection<string> gallery, CancellationToken cancellationToken)
    {
        var (sightings, names) = (new List<Sighting>(), wanted.Select(brand => brand.Name).ToHashSet());
        // All brands are read, so that a line that belongs to a brand of longer name is told the same way whatever was asked.
        var words = new BrandReader(brands);
        foreach (var pieces in wanted.Count <= FewBrands ? wanted.SelectMany(brand => brand.Spellings).Select(spelling => PlainWords.Pieces(spelling)) : [[]])
            await foreach (var line in reader.TextOfVideosWithAsync(scope, SourceNames.Screen, pieces, cancellationToken))
                sightings.AddRange(words.Find(line.Text).Where(names.Contains).Select(brand => new Sighting(line.VideoId, brand, line.Start, line.End, FixedScores.Exact)));
        if (names.Where(gallery.Contains).ToArray() is { Length: > 0 } pictured)
            await foreach (var region in reader.RegionsLikeAsync(scope, pictured, 1 - settings.MinSimilarity, cancellationToken))
                sightings.Add(new Sighting(region.VideoId, region.Brand, region.Start, region.End, Sightings.ScoreOf(1 - region.Distance, settings.MinSimilarity)));
        return Sightings.Merge(sightings, settings.BridgedSeconds);
    }
}
