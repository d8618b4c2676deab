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

    /// <summary>All elements become tasks or none. Whether the objects are there and can be read shows in the tasks. CONTRACT, section
    /// 6.6.</summary>
    private static async Task<Results<NoContent, ApiError>> CreateTransferAsync(
        HttpRequest request, Caller caller, IOptions<TransferOptions> options, TransferChecks checks, NewTransfers transfers,
        CancellationToken cancellationToken)
    {
        var elements = await TransferFile.ReadAsync(request, options.Value, cancellationToken);
        var orders = await checks.CheckAsync(elements, caller, cancellationToken);
        return await transfers.AddAsync(orders, null, cancellationToken) is { } gone ? ApiError.NotFound("indexes", gone)
            : TypedResults.NoContent();
    }
}
