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

/// <summary>Creates transfers of an integration's files: as a file for createTransfer, or directly as tasks.</summary>
public sealed class IntegrationTransfers(
    IntegrationFiles files, TransferChecks checks, TransferCreator transfers, IOptions<TransferOptions> options, TimeProvider clock)
{
    private static readonly string[] OnlyNew = [FileStates.New];
    private static readonly string[] NotIndexed = [FileStates.New, FileStates.Failed, FileStates.Removed];

    private static readonly JsonSerializerOptions Json = CreateJsonOptions();

    /// <summary>Writes a file for createTransfer, up to its maximum size.</summary>
    public async Task<byte[]> WriteAsync(
        Integration integration, string? indexId, string? language, bool all, CancellationToken cancellationToken)
    {
        var listed = await files.ListAsync(integration.Id, all ? FileStates.All : OnlyNew, "", clock.GetUtcNow(),
            options.Value.MaxElements, cancellationToken);
        // Separators take two bytes before each element and four in total at the start and end.
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

    /// <summary>Creates tasks for new files and links the files to them.</summary>
    /// <param name="minAge">Minimum time since the last change of a file.</param>
    /// <param name="limit">Maximum files; the limit of a transfer also applies.</param>
    /// <returns>Number of created tasks.</returns>
    /// <exception cref="ApiException">No task was created.</exception>
    public async Task<int> StartAsync(Integration integration, StartTransferRequest request, TimeSpan minAge, int limit, Caller caller,
        CancellationToken cancellationToken)
    {
        var indexId = Identifier.Require(TransferElementRequest.IndexIdMember, request.IndexId ?? integration.IndexId);
        var pending = await files.ListAsync(integration.Id, request.Again == true ? NotIndexed : OnlyNew, "",
            clock.GetUtcNow() - minAge, Math.Min(limit, options.Value.MaxElements), cancellationToken);
        if (pending.Count == 0)
            return 0;
        var language = request.Language ?? integration.Language;
        var items = await checks.CheckAsync(
            [.. pending.Select(file => new TransferElementRequest(indexId, language, file.Address))], caller, cancellationToken);
        var gone = await transfers.AddAsync(items, async taskIds =>
        {
            if (!await files.ClaimAsync(integration, [.. pending.Zip(taskIds)], cancellationToken))
                throw new ApiException(ApiError.IntegrationBusy());
        }, cancellationToken);
        return gone is null ? pending.Count : throw new ApiException(ApiError.NotFound("indexes", gone));
    }

    private static JsonSerializerOptions CreateJsonOptions()
    {
        var json = new JsonSerializerOptions();
        WireJson.Configure(json);
        return json;
    }
}
