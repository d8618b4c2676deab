using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Api.Transfers;

public static class TransferEndpoints
{
    public static void MapTransfers(this RouteGroupBuilder v11, string path)
        => v11.MapPost(path, CreateTransferAsync).WithTags("Tasks").WithMetadata(new CostlyRequest());

    /// <summary>Creates a task for each element, or no task at all. Missing or unreadable objects are reported by the tasks. CONTRACT,
    /// section 6.6.</summary>
    private static async Task<Results<NoContent, ApiError>> CreateTransferAsync(
        HttpRequest request, Caller caller, IOptions<TransferOptions> options, TransferChecks checks, TransferCreator transfers,
        CancellationToken cancellationToken)
    {
        var elements = await TransferFile.ReadAsync(request, options.Value, cancellationToken);
        var items = await checks.CheckAsync(elements, caller, cancellationToken);
        return await transfers.AddAsync(items, null, cancellationToken) is { } gone ? ApiError.NotFound("indexes", gone)
            : TypedResults.NoContent();
    }
}
