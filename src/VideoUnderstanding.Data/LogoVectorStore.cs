using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Data;

/// <summary>The vectors of an account's logos, one for each visual model. docs/logos.md.</summary>
public static class LogoVectorStore
{
    /// <summary>Adds the vectors of a model that an account's logos lack. Repeated and concurrent calls add no duplicates.</summary>
    /// <param name="model">Name of the visual model.</param>
    /// <param name="embed">Makes a vector from the file of a picture; null if the file cannot be read.</param>
    public static async Task FillAsync(VideoDbContext db, string accountId, string model,
        Func<byte[], CancellationToken, Task<float[]?>> embed, CancellationToken cancellationToken)
    {
        var missing = await db.Logos.Where(logo => logo.AccountId == accountId && logo.Vectors.All(vector => vector.Model != model))
            .Select(logo => logo.Id).ToListAsync(cancellationToken);
        foreach (var id in missing)
        {
            // One at a time, because a picture can take megabytes. The logo may have been removed meanwhile.
            var picture = await db.Logos.Where(logo => logo.Id == id).Select(logo => logo.Picture).SingleOrDefaultAsync(cancellationToken);
            if (picture is null || await embed(picture, cancellationToken) is not { } vector)
                continue;
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO logo_vectors (logo_id, model, embedding)
                SELECT id, {model}, {VectorColumns.HalfOf(vector)} FROM logos WHERE id = {id} FOR KEY SHARE ON CONFLICT DO NOTHING
                """, cancellationToken);
        }
    }

    /// <summary>Returns the profiles of the account's indexes with logos, including those of generations that are being built. Null stands
    /// for the profile of the installation.</summary>
    public static async Task<IReadOnlyList<string?>> ProfilesAsync(
        VideoDbContext db, string accountId, CancellationToken cancellationToken)
    {
        var indexes = db.Indexes.Where(index => index.AccountId == accountId && index.DeletedAt == null
            && index.Options.Contains(IndexOptions.Logo));
        var sets = await db.SearchTableSets.AsNoTracking().Where(set => indexes.Any(index => index.Id == set.IndexId))
            .ToListAsync(cancellationToken);
        return [.. sets.SelectMany(set => new[] { set.Profile, set.NextGeneration is null ? null : set.NextProfile })
            .Prepend(null).Distinct()];
    }
}
