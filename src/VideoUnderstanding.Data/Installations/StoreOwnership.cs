using System.Text;
using Amazon.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Data.Installations;

/// <summary>
/// Ensures that all servers of a database use the same file store. The store has a file with the installation's id: the first server
/// writes it, and all later ones verify it. A server with another folder would report all files as missing, and one with the store of
/// another installation would delete its files.
/// </summary>
public sealed class StoreOwnership(
    VideoDbContext db, IFileStore store, InstallationIdentity identity, DataFolder folder, IOptions<BucketOptions> bucket)
{
    /// <summary>Key of the file with the identifier.</summary>
    internal const string Marker = "installation";

    private string StoreName => bucket.Value.IsUsed
        ? $"the bucket {bucket.Value.Name}/{bucket.Value.Prefix} at {bucket.Value.Endpoint ?? "AWS"}"
        : $"the folder {folder.Root} of {Environment.MachineName}";

    /// <summary>Verifies the store, and marks that of a new installation. Call before any other access to the store.</summary>
    /// <returns>Null if the store belongs to the installation; otherwise an error message.</returns>
    public async Task<string?> ClaimAsync(CancellationToken cancellationToken)
    {
        var id = identity.Id;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // FOR UPDATE: of several servers that start concurrently, one marks its store.
        var known = (await db.Database.SqlQuery<string?>($"SELECT store AS \"Value\" FROM installation FOR UPDATE")
            .ToListAsync(cancellationToken)).Single();
        try
        {
            var found = await ReadAsync(cancellationToken);
            if (found is not null && found != id)
                return $"The files in {StoreName} belong to another installation ({found}). Each database needs a store of its own: set "
                    + $"another {BucketOptions.Section}:Prefix, or another data folder.";
            if (found is null && known is not null)
                return $"The files of this installation are in {known}, but this server is configured to use {StoreName}. All servers of "
                    + $"one database share one store: configure the same {BucketOptions.Section} on each (docs/scaling.md). If all files "
                    + $"were moved to the new place, write {id} to the file {Marker} there.";
            if (found is null)
                await store.WriteAsync(Marker, new MemoryStream(Encoding.UTF8.GetBytes(id)), cancellationToken);
        }
        catch (Exception failure) when (failure is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            return $"The store of the files, {StoreName}, cannot be used: {failure.Message}";
        }
        await db.Database.ExecuteSqlAsync($"UPDATE installation SET store = {StoreName}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        await using var file = await store.OpenAsync(Marker, cancellationToken);
        if (file is null)
            return null;
        using var reader = new StreamReader(file, Encoding.UTF8);
        return (await reader.ReadToEndAsync(cancellationToken)).Trim();
    }
}
