using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Words;
using VideoUnderstanding.Media.StillPictures;
using VideoUnderstanding.Search.Pictures;

namespace VideoUnderstanding.Search.Logos;

/// <summary>Limits of logo galleries. Section <c>VideoUnderstanding:LogoGallery</c>.</summary>
public sealed class LogoGalleryOptions
{
    public const string Section = "VideoUnderstanding:LogoGallery";

    /// <summary>Maximum pictures per account. A logo search compares regions with all pictures of its brands.</summary>
    [Range(1, 100_000)]
    public int MaxPictures { get; set; } = 200;

    /// <summary>Maximum size of a picture file, in bytes.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPictureBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>Maximum pixels of a picture.</summary>
    [Range(1_000, 100_000_000)]
    public int MaxPicturePixels { get; set; } = 16_000_000;
}

/// <summary>Adds, lists and removes the logo pictures of an account. Used by the administration API and the command line.</summary>
public sealed class LogoGallery(
    VideoDbContext db, PictureDecoder decoder, LogoVectors vectors, IOptions<LogoGalleryOptions> options, TimeProvider clock)
{
    private const int MaxNameLength = 100;

    public LogoGalleryOptions Limits => options.Value;

    public async Task<bool> IsFullAsync(string accountId, CancellationToken cancellationToken)
        => await db.Logos.OwnedBy(accountId).CountAsync(cancellationToken) >= Limits.MaxPictures;

    /// <returns>An error message for an invalid brand name; null if the name is valid.</returns>
    public static string? CheckName(string name)
        => name.Trim() is { Length: > 0 and <= MaxNameLength } trimmed && trimmed.Any(char.IsLetterOrDigit) && !trimmed.Any(char.IsControl)
            ? null
            : $"It must be the name of a brand: 1 to {MaxNameLength} characters, with a letter or a digit.";

    /// <param name="name">A name for which <see cref="CheckName"/> returns null.</param>
    /// <returns>The stored logo; null if the gallery is full.</returns>
    /// <exception cref="Media.MediaException">The file is not a readable picture or is too large; the message can be shown to
    /// users.</exception>
    /// <exception cref="Inference.ModelUnavailableException">The profile has no visual model, or its files are missing.</exception>
    public async Task<Logo?> AddAsync(string accountId, string name, byte[] picture, CancellationToken cancellationToken)
    {
        var decoded = await decoder.DecodeAsync(picture, Limits.MaxPictureBytes, Limits.MaxPicturePixels, cancellationToken);
        var vector = await vectors.EmbedAsync(decoded, profile: null, cancellationToken);
        var trimmed = name.Trim();
        var brand = NormalForm.Of(trimmed);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockAccountAsync(accountId, cancellationToken);
        if (await IsFullAsync(accountId, cancellationToken))
            return null;
        // All pictures of a brand use the spelling of its first picture.
        var known = await db.Logos.OwnedBy(accountId).Where(logo => logo.NormalName == brand).Select(logo => logo.Name)
            .FirstOrDefaultAsync(cancellationToken);
        var logo = new Logo
        {
            Id = ObjectIds.New(clock),
            AccountId = accountId,
            Name = known ?? trimmed,
            Picture = picture,
            MediaType = PictureKind.Detect(picture)!.MediaType,
            CreatedAt = clock.GetUtcNow(),
            Vectors = [new LogoVector { Model = vectors.ModelOf(null), Embedding = VectorColumns.HalfOf(vector) }],
        };
        db.Logos.Add(logo);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await vectors.EnsureAllAsync(accountId, cancellationToken);
        return logo;
    }

    /// <summary>Lists the logos ordered by brand name and age, without picture data.</summary>
    public async Task<IReadOnlyList<Logo>> ListAsync(string accountId, CancellationToken cancellationToken)
        => await WithoutPictures(db.Logos.OwnedBy(accountId)).OrderBy(logo => logo.Name).ThenBy(logo => logo.Id)
            .ToListAsync(cancellationToken);

    /// <returns>False if the account has no such picture.</returns>
    public async Task<bool> RemoveAsync(string accountId, string id, CancellationToken cancellationToken)
        => await db.Logos.OwnedBy(accountId).Where(logo => logo.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>Selects logos without picture data, which can take megabytes each.</summary>
    public static IQueryable<Logo> WithoutPictures(IQueryable<Logo> logos) => logos.AsNoTracking().Select(logo => new Logo
    {
        Id = logo.Id, AccountId = logo.AccountId, Name = logo.Name, MediaType = logo.MediaType, CreatedAt = logo.CreatedAt,
        Picture = Array.Empty<byte>(),
    });
}
