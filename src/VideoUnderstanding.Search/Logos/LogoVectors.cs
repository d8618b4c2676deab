using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.StillPictures;
using VideoUnderstanding.Search.Pictures;

namespace VideoUnderstanding.Search.Logos;

/// <summary>The vectors of logos. A logo has one vector for each visual model that an index of its account uses. Vectors are created when
/// the logo is added or, for later models, before the first search that needs them.</summary>
/// <param name="db">The primary.</param>
public sealed class LogoVectors(VideoDbContext db, IQueryVectors vectors, PictureDecoder decoder, IOptions<LogoGalleryOptions> gallery,
    IOptions<LogoSearchOptions> search)
{
    /// <param name="profile">Profile of an index; null: the profile of the installation.</param>
    public string ModelOf(string? profile) => vectors.OfProfile(profile).VisualModel;

    /// <summary>Returns the minimum cosine between a region of an index with the profile and a logo.</summary>
    public double SimilarityOf(string? profile)
        => search.Value.MinSimilarity ?? vectors.OfProfile(profile).LogoSimilarity ?? LogoSearchOptions.DefaultSimilarity;

    /// <summary>Creates the missing vectors of the account's logos for the visual model of an index. Must be called outside of the snapshot
    /// of a search.</summary>
    /// <exception cref="ModelUnavailableException">Vectors are missing, and the visual model is unavailable.</exception>
    public async Task EnsureAsync(string indexId, CancellationToken cancellationToken)
    {
        if (await db.Indexes.Where(index => index.Id == indexId).Select(index => index.AccountId)
            .SingleOrDefaultAsync(cancellationToken) is { } accountId)
            await FillAsync(accountId, (await SearchTableStore.ReadAsync(db, indexId, cancellationToken)).Profile, cancellationToken);
    }

    /// <summary>Creates the vectors of a new logo for all models except that of the installation. Vectors of an unavailable model are
    /// created later.</summary>
    public async Task EnsureAllAsync(string accountId, CancellationToken cancellationToken)
    {
        foreach (var profile in await LogoVectorStore.ProfilesAsync(db, accountId, cancellationToken))
            try
            {
                await FillAsync(accountId, profile, cancellationToken);
            }
            catch (ModelUnavailableException)
            {
            }
    }

    /// <param name="picture">A decoded logo.</param>
    /// <exception cref="ModelUnavailableException">The profile has no visual model, or its files are missing.</exception>
    public Task<float[]> EmbedAsync(StillPicture picture, string? profile, CancellationToken cancellationToken)
        => vectors.OfProfile(profile).ForPictureAsync(LogoSquare.Create(picture), cancellationToken);

    private Task FillAsync(string accountId, string? profile, CancellationToken cancellationToken)
        => LogoVectorStore.FillAsync(db, accountId, ModelOf(profile), async (file, token) =>
        {
            try
            {
                var picture = await decoder.DecodeAsync(file, int.MaxValue, gallery.Value.MaxPicturePixels, token);
                return await EmbedAsync(picture, profile, token);
            }
            catch (MediaException)
            {
                // The picture was readable when it was added; a limit or FFmpeg has changed since then.
                return null;
            }
        }, cancellationToken);
}
