using System.Text.Json.Serialization;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Body of createIntegration and updateIntegration. An update keeps the values of omitted members. docs/integrations.md.</summary>
/// <param name="Kind"><c>bucket</c> or <c>folder</c>; only for createIntegration.</param>
/// <param name="AccessKey">Requires <paramref name="SecretKey"/>; both are empty for a public bucket.</param>
/// <param name="IndexId">Only for a watched folder, as are <paramref name="Folder"/> and <paramref name="Language"/>.</param>
public sealed record IntegrationRequest(
    string? Kind = null, string? Name = null, string? Bucket = null, string? Endpoint = null, string? Region = null,
    bool? PathStyle = null, string? Prefix = null, string? AccessKey = null, string? SecretKey = null, string? Folder = null,
    string? IndexId = null, string? Language = null) : IValidatedRequest
{
    private const int MaxLength = 1024;

    private IEnumerable<(string Name, string? Value)> Texts =>
    [
        ("kind", Kind), ("name", Name), ("bucket", Bucket), ("endpoint", Endpoint), ("region", Region), ("prefix", Prefix),
        ("access_key", AccessKey), ("secret_key", SecretKey), ("folder", Folder), ("index_id", IndexId), ("language", Language),
    ];

    /// <summary>Members of the request that the kind does not have.</summary>
    private IEnumerable<string> Foreign(IntegrationKind kind) => kind == IntegrationKind.Folder
        ? Texts.Where(text => text is
            {
                Name: "bucket" or "endpoint" or "region" or "prefix" or "access_key" or "secret_key", Value: not null,
            }).Select(text => text.Name).Concat(PathStyle is null ? [] : ["path_style"])
        : Texts.Where(text => text is { Name: "folder" or "index_id" or "language", Value: not null }).Select(text => text.Name);

    public void Validate()
    {
        foreach (var (name, value) in Texts)
            if (value is { Length: > MaxLength } || value?.Any(char.IsControl) == true)
                throw new ApiException(ApiError.Invalid(name, $"It must have at most {MaxLength} characters and no control characters."));
        if (Name is not null && (string.IsNullOrWhiteSpace(Name) || Name.Length > 100))
            throw new ApiException(ApiError.Invalid("name", "It must have 1 to 100 characters, not only spaces."));
        if ((AccessKey is null) != (SecretKey is null) || (AccessKey == "") != (SecretKey == ""))
            throw new ApiException(ApiError.Invalid("access_key", "access_key and secret_key belong together."));
        if (IndexId is not null)
            Identifier.Require("index_id", IndexId);
    }

    /// <exception cref="ApiException">The kind or a required member is missing, or a member belongs to the other kind.</exception>
    public IntegrationKind ReadKind()
    {
        if (Kind is null)
            throw new ApiException(ApiError.Missing("kind"));
        if (Kind is not ("bucket" or "folder"))
            throw new ApiException(ApiError.Invalid("kind", "It must be one of the following: bucket, folder."));
        var kind = Kind == "folder" ? IntegrationKind.Folder : IntegrationKind.Bucket;
        string[] needed = kind == IntegrationKind.Folder ? ["name", "folder", "index_id"] : ["name", "bucket"];
        if (Texts.Where(text => needed.Contains(text.Name) && string.IsNullOrWhiteSpace(text.Value)).Select(text => text.Name).ToArray()
            is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
        Require(kind);
        return kind;
    }

    /// <exception cref="ApiException">A member belongs to the other kind.</exception>
    public void Require(IntegrationKind kind)
    {
        if (Foreign(kind).FirstOrDefault() is { } foreign)
            throw new ApiException(
                ApiError.Invalid(foreign, $"It does not belong to an integration of the kind {kind.ToString().ToLowerInvariant()}."));
    }
}

/// <summary>Body of startTransfer.</summary>
/// <param name="IndexId">Omitted for a watched folder, which has an index.</param>
/// <param name="Again">True also transfers files whose task failed or whose video was deleted.</param>
public sealed record StartTransferRequest(string? IndexId = null, string? Language = null, bool? Again = null);

/// <param name="Started">Number of created tasks.</param>
/// <param name="Left">Number of remaining files that a further request would transfer.</param>
public sealed record StartTransferResponse(int Started, long Left);

/// <param name="FolderRoots">Folders whose subfolders may be watched; only for administrators.</param>
public sealed record IntegrationListResponse(IReadOnlyList<IntegrationDto> Data, IReadOnlyList<string>? FolderRoots);

/// <summary>An integration. Credentials are never shown.</summary>
/// <param name="Status"><c>unverified</c>, <c>active</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it has failed.</param>
/// <param name="SynchronisedAt">Time of the last listing of files; omitted if there was none.</param>
/// <param name="IsSynchronising">True while a listing in the background is pending or running.</param>
/// <param name="IsTruncated">True if the source has more files than the limit.</param>
public sealed record IntegrationDto(
    [property: JsonPropertyName("_id")] string Id, string Kind, string Name, string? Bucket, string? Endpoint, string? Region,
    bool? PathStyle, string? Prefix, bool? HasCredentials, string? Folder, string? IndexId, string? Language, string Status,
    string? Reason, DateTimeOffset? CheckedAt, DateTimeOffset? SynchronisedAt, bool IsSynchronising, bool IsTruncated, FileCountsDto Files,
    DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static IntegrationDto From(Integration row, IEnumerable<FileCount> counts)
    {
        var isBucket = row.Kind == IntegrationKind.Bucket;
        return new IntegrationDto(row.Id, row.Kind.ToString().ToLowerInvariant(), row.Name, row.Bucket, row.Endpoint, row.Region,
            isBucket ? row.PathStyle : null, row.Prefix, isBucket ? row.Credentials is not null : null, row.Folder, row.IndexId,
            row.Language, row.State.ToString().ToLowerInvariant(), row.Reason, row.CheckedAt, row.SynchronisedAt,
            row.SyncRequestedAt is not null, row.IsTruncated, FileCountsDto.From([.. counts]), row.CreatedAt, row.UpdatedAt);
    }
}

/// <summary>Counts of video files, from the last listing.</summary>
/// <param name="Removed">Files whose video or task was deleted from this server.</param>
public sealed record FileCountsDto(long Total, long Bytes, long New, long Waiting, long Indexed, long Failed, long Removed)
{
    public static FileCountsDto From(IReadOnlyList<FileCount> counts)
    {
        long CountOf(string state) => counts.FirstOrDefault(count => count.State == state)?.Files ?? 0;
        return new FileCountsDto(counts.Sum(count => count.Files), counts.Sum(count => count.Bytes), CountOf(FileStates.New),
            CountOf(FileStates.Waiting), CountOf(FileStates.Indexed), CountOf(FileStates.Failed), CountOf(FileStates.Removed));
    }
}

/// <param name="After">Value of the parameter <c>after</c> for the next page; omitted on the last page.</param>
public sealed record IntegrationFileListResponse(IReadOnlyList<IntegrationFileDto> Data, string? After);

/// <param name="State"><c>new</c>, <c>waiting</c>, <c>indexed</c>, <c>failed</c> or <c>removed</c>.</param>
/// <param name="Reason">Why it has failed.</param>
public sealed record IntegrationFileDto(
    string Address, long Size, DateTimeOffset ModifiedAt, string State, string? TaskId, string? Reason)
{
    public static IntegrationFileDto From(FileWithState file)
        => new(file.Address, file.Size, file.ModifiedAt, file.State, file.TaskId, file.State == FileStates.Failed ? file.Reason : null);
}
