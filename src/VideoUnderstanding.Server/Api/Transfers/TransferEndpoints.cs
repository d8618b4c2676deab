using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Server.Api.Reading;
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

/// <summary>An element of the file of createTransfer. CONTRACT, section 6.6.</summary>
/// <param name="Object">Address of the video: <c>s3://bucket/key</c>, or <c>file:///folder/name</c> if the server allows it.</param>
/// <param name="Transcription">Address of a transcript in SRT or VTT; missing, null or empty if there is none.</param>
public sealed record TransferElementRequest(
    string? IndexId = null, string? Language = null, string? Object = null, string? Transcription = null) : IValidatedRequest
{
    public const string IndexIdMember = "index_id";
    public const string ObjectMember = "object";
    public const string TranscriptionMember = "transcription";

    public void Validate()
    {
        (string Name, string? Value)[] required = [(IndexIdMember, IndexId), (ObjectMember, Object)];
        string[] missing = [.. required.Where(member => string.IsNullOrWhiteSpace(member.Value)).Select(member => member.Name)];
        if (missing.Length > 0)
            throw new ApiException(ApiError.Missing(missing));
        Identifier.Require(IndexIdMember, IndexId);
    }
}
