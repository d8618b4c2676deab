using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Transfers;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Turns files of an integration into elements of a transfer: as a file for createTransfer, or at once.</summary>
public sealed class IntegrationTransfers(
    IntegrationFiles files, TransferChecks checks, NewTransfers transfers, IOptions<TransferOptions> options, TimeProvider clock)
{
    private static readonly string[] OnlyNew = [FileStates.New];
    private static readonly string[] AllButIndexed = [FileStates.New, FileStates.Failed, FileStates.Removed];

    private static readonly JsonSerializerOptions Json = Configured();

    /// <summary>The file that createTransfer reads, as long as it may be.</summary>
    public async Task<byte[]> WriteAsync(
        Integration integration, string? indexId, string? language, bool all, CancellationToken cancellationToken)
    {
        var listed = await files.ListAsync(integration.Id, all ? FileStates.All : OnlyNew, "", clock.GetUtcNow(),
            options.Value.MaxElements, cancellationToken);
        // Two bytes stand before each element, and four at the end.
        var (text, bytes) = (new StringBuilder("["), 4);
        foreach (var file in listed)
        {
            var element = JsonSerializer.Serialize(new TransferElementRequest(indexId ?? integration.IndexId ?? "", language, file.Address),
                Json);
            bytes += Encoding.UTF8.GetByteCount(element) + 2;
            if (bytes > options.Value.MaxFileBytes)
                break;
            text.Append(text.Length > 1 ? ",\n" : "\n").Append(element);
        }
        return Encoding.UTF8.GetBytes(text.Append("\n]\n").ToString());
    }

    /// <summary>Makes tasks of files that are new, and remembers that.</summary>
    /// <param name="again">Also of those that have failed or were deleted since.</param>
    /// <param name="settled">Only files that have not changed for so long.</param>
    /// <param name="limit">Files, at most; never more than a transfer may have.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ApiException">No task was made, for a reason that holds for all of them.</exception>
    public async Task<int> StartAsync(Integration integration, StartTransferRequest request, TimeSpan settled, int limit, Caller caller,
        CancellationToken cancellationToken)
    {
        var indexId = Identifier.Require(TransferElementRequest.IndexIdMember, request.IndexId ?? integration.IndexId);
        var sent = await files.ListAsync(integration.Id, request.Again == true ? AllButIndexed : OnlyNew, "",
            clock.GetUtcNow() - settled, Math.Min(limit, options.Value.MaxElements), cancellationToken);
        if (sent.Count == 0)
            return 0;
        var language = request.Language ?? integration.Language;
        var orders = await checks.CheckAsync(
            [.. sent.Select(file => new TransferElementRequest(indexId, language, file.Address))], caller, cancellationToken);
        var gone = await transfers.AddAsync(orders, async taskIds =>
        {
            if (!await files.ClaimAsync(integration, [.. sent.Zip(taskIds)], cancellationToken))
                throw new ApiException(ApiError.IntegrationBusy());
        }, cancellationToken);
        return gone is null ? sent.Count : throw new ApiException(ApiError.NotFound("indexes", gone));
    }

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions();
        WireJson.Configure(json);
        return json;
    }
}
