using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Checks the source address of a transfer without accessing it.</summary>
public sealed class TransferSources(SharedFolder folder, IOptions<TransferOptions> options)
{
    /// <summary>Returns true if the address belongs to a transfer. Single uploads use http and https URLs only.</summary>
    public static bool IsTransfer(string? address) => address is not null && (IsObject(address) || IsFile(address));

    public static bool IsObject(string address) => ObjectAddress.IsObjectAddress(address);

    public static bool IsFile(string address) => SharedFolder.IsFileAddress(address);

    /// <param name="integrations">Integrations of the account.</param>
    /// <returns>The file name: the last segment of the address, decoded.</returns>
    /// <exception cref="FormatException">No integration or folder can read it; the message is for the user.</exception>
    public string Check(string address, IReadOnlyList<Integration> integrations)
    {
        if (IsFile(address))
            return folder.Locate(address, integrations).Split('/')[^1];
        if (!IsObject(address))
            throw new FormatException("It must be an address that starts with s3:// or file://.");
        var found = ObjectAddress.Parse(address);
        return AccountIntegrations.ReaderOf(found, integrations) is not null || options.Value.IntegrationFor(found.Bucket) is not null
            ? found.Key.Split('/')[^1]
            : throw new FormatException($"No integration of this server reads the bucket {found.Bucket}.");
    }
}
