using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>What a transfer may name as its source, judged by the text and the settings alone. Whether the object is there shows when it is
/// fetched.</summary>
public sealed class TransferSources(SharedFolder folder, IOptions<TransferOptions> options)
{
    /// <summary>Whether a task's address comes from a transfer: a single upload names addresses of the web only.</summary>
    public static bool IsTransfer(string? address) => address is not null && (IsObject(address) || IsFile(address));

    public static bool IsObject(string address) => ObjectAddress.Fits(address);

    public static bool IsFile(string address) => SharedFolder.Fits(address);

    /// <param name="own">The integrations of the account that names it.</param>
    /// <returns>The last part of the address, decoded.</returns>
    /// <exception cref="FormatException">Nothing reads it; the message is a sentence for the user.</exception>
    public string Check(string address, IReadOnlyList<Integration> own)
    {
        if (IsFile(address))
            return folder.Locate(address, own).Split('/')[^1];
        if (!IsObject(address))
            throw new FormatException("It must be an address that starts with s3:// or file://.");
        var found = ObjectAddress.Parse(address);
        return AccountIntegrations.ReaderOf(found, own) is not null || options.Value.IntegrationFor(found.Bucket) is not null
            ? found.Key.Split('/')[^1]
            : throw new FormatException($"No integration of this server reads the bucket {found.Bucket}.");
    }
}
