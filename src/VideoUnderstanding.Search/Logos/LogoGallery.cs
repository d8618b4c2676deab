using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Media.StillPictures;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Search.Logos;

/// <summary>The logo pictures of an account: added, listed, removed. Used by the administration API and by the command line.</summary>
public sealed class LogoGallery(VideoDbContext db, DataFolder folder, PictureReader pictures, IQueryVectors vectors,
    IOptions<LogoGalleryOptions> options, TimeProvider clock)
{
    private const int LongestName = 100;

    public LogoGalleryOptions Limits => options.Value;

    public async Task<bool> IsFullAsync(string accountId, CancellationToken cancellationToken)
        => await db.Logos.OwnedBy(accountId).CountAsync(cancellationToken) >= Limits.MaxPictures;

    /// <returns>A sentence that says what is wrong with the name of a brand; null when nothing is.</returns>
    public static string? CheckName(string name)
        => name.Trim() is { Length: > 0 and <= LongestName } trimmed && trimmed.Any(char.IsLetterOrDigit) && !trimmed.Any(char.IsControl)
            ? null
            : $"It must be the name of a brand: 1 to {LongestName} characters, with a letter or a digit.";

    /// <param name="name">One that <see cref="CheckName"/> has nothing against.</param>
    /// <returns>Null when the gallery is full.</returns>
    /// <exception cref="Media.MediaException">The file is no picture that can be read, or too large; the message is fit for the
    /// user.</exception>
    /// <exception cref="Inference.ModelUnavailableException">There is no visual model.</exception>
    public async Task<Logo?> AddAsync(string accountId, string name, byte[] picture, CancellationToken cancellationToken)
    {
        var kind = PictureKind.Of(picture) ?? throw new Media.MediaException($"The file is not a {PictureKind.Known} picture.");
        if (picture.Length > Limits.MaxPictureBytes)
            throw new Media.MediaException($"The picture has {picture.Length} bytes; at most {Limits.MaxPictureBytes} are allowed.");
        var vector = await vectors.ForPictureAsync(PlainGround.Square(await DecodeAsync(picture, kind, cancellationToken)),
            cancellationToken);
        var trimmed = name.Trim();
        var brand = NormalForm.Of(trimmed);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAccountAsync(accountId, cancellationToken);
        if (await IsFullAsync(accountId, cancellationToken))
            return null;
        // Pictures of one brand share the spelling that came first.
        var known = await db.Logos.OwnedBy(accountId).Where(logo => logo.NormalName == brand).Select(logo => logo.Name)
            .FirstOrDefaultAsync(cancellationToken);
        var logo = new Logo
        {
            Id = ObjectIds.New(clock),
            AccountId = accountId,
            Name = known ?? trimmed,
            Picture = picture,
            MediaType = kind.MediaType,
            Embedding = new HalfVector(Array.ConvertAll(vector, value => (Half)value)),
            CreatedAt = clock.GetUtcNow(),
        };
        db.Logos.Add(logo);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return logo;
    }

    /// <summary>What the gallery holds, without the pictures themselves. Oldest first.</summary>
    public async Task<IReadOnlyList<Logo>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await Bare(db.Logos.OwnedBy(accountId)).OrderBy(logo => logo.Name).ThenBy(logo => logo.Id).ToListAsync(cancellationToken);

    /// <returns>False when the account has no such picture.</returns>
    public async Task<bool> RemoveAsync(string accountId, string id, CancellationToken cancellationToken)
        => await db.Logos.OwnedBy(accountId).Where(logo => logo.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>Rows without their pictures, which may be megabytes each.</summary>
    public static IQueryable<Logo> Bare(IQueryable<Logo> logos) => logos.AsNoTracking().Select(logo => new Logo
    {
        Id = logo.Id, AccountId = logo.AccountId, Name = logo.Name, MediaType = logo.MediaType, CreatedAt = logo.CreatedAt,
        Embedding = logo.Embedding, Picture = Array.Empty<byte>(),
    });

    /// <summary>FFmpeg reads files only.</summary>
    private async Task<StillPicture> DecodeAsync(byte[] picture, PictureKind kind, CancellationToken cancellationToken)
    {
        var path = folder.NewTemporaryPath();
        try
        {
            await File.WriteAllBytesAsync(path, picture, cancellationToken);
            return await pictures.ReadAsync(path, kind, Limits.MaxPicturePixels, cancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
