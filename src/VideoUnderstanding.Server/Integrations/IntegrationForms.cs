using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Integrations;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Indexing.Fetching;
using VideoUnderstanding.Indexing.Integrations;
using VideoUnderstanding.Server.Auth;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Integrations;

/// <summary>Applies requests to rows of integrations.</summary>
public sealed class IntegrationForms(IntegrationStore store, WatchedFolders folders, CredentialProtection protection,
    IOptions<LanguageOptions> languages, TimeProvider clock)
{
    /// <exception cref="ApiException">A member is missing or invalid, or the caller may not watch folders.</exception>
    public async Task<Integration> NewAsync(
        IntegrationRequest request, Caller caller, SessionUser? user, CancellationToken cancellationToken)
    {
        var (kind, now) = (request.ReadKind(), clock.GetUtcNow());
        var integration = new Integration
        {
            Id = ObjectIds.New(clock), AccountId = caller.AccountId, Kind = kind, Name = "", CreatedAt = now, UpdatedAt = now,
        };
        if (kind == IntegrationKind.Bucket)
            (integration.Region, integration.Prefix) = (new ObjectIntegrationOptions().Region, "");
        else
            integration.Language = languages.Value.Find(null);
        await ApplyAsync(request with { Kind = null }, integration, user, cancellationToken);
        return integration;
    }

    /// <summary>Applies the members that the request contains.</summary>
    /// <exception cref="ApiException">A member is invalid, or the caller may not watch folders.</exception>
    public async Task ApplyAsync(
        IntegrationRequest request, Integration integration, SessionUser? user, CancellationToken cancellationToken)
    {
        if (request.Kind is not null)
            throw new ApiException(ApiError.Invalid("kind", "It cannot be changed. Please create another integration."));
        request.Require(integration.Kind);
        integration.Name = request.Name?.Trim() ?? integration.Name;
        if (integration.Kind == IntegrationKind.Bucket)
            ApplyToBucket(request, integration);
        else
            await ApplyToFolderAsync(request, integration, user, cancellationToken);
    }

    private void ApplyToBucket(IntegrationRequest request, Integration bucket)
    {
        var isMoved = request.Endpoint is { } wanted && wanted.Trim() != (bucket.Endpoint ?? "");
        bucket.Bucket = request.Bucket?.Trim() ?? bucket.Bucket;
        bucket.Region = request.Region is { } region ? region.Trim() : bucket.Region;
        bucket.Prefix = request.Prefix ?? bucket.Prefix;
        bucket.PathStyle = request.PathStyle ?? bucket.PathStyle;
        if (request.Endpoint is { } endpoint)
            bucket.Endpoint = endpoint.Trim() is { Length: > 0 } address ? CheckEndpoint(address) : null;
        if (request.AccessKey is { } accessKey)
            bucket.Credentials = accessKey.Length > 0 ? protection.ProtectKeys(accessKey, request.SecretKey!) : null;
        // A new endpoint requires the credentials again; otherwise a caller could send the stored ones to any host.
        else if (bucket.Credentials is not null && isMoved)
            throw new ApiException(ApiError.Invalid("endpoint", "Please send access_key and secret_key together with another endpoint."));
        if (!ObjectAddress.IsBucketName(bucket.Bucket!))
            throw new ApiException(
                ApiError.Invalid("bucket", "It must be a name of letters, digits, dots, dashes and underscores, without a prefix."));
        var access = new ObjectIntegrationOptions { Endpoint = bucket.Endpoint, Region = bucket.Region!, Buckets = { bucket.Bucket! } };
        if (access.ValidationErrors().FirstOrDefault() is { } fault)
            throw new ApiException(ApiError.BodyInvalid(fault));
    }

    /// <summary>Applies the rules for all addresses given by users. The resolved IP address is checked at each connection.</summary>
    private static string CheckEndpoint(string address)
    {
        try
        {
            UserAddress.Parse(address);
            return address;
        }
        catch (FetchException refused)
        {
            throw new ApiException(ApiError.Invalid("endpoint", refused.Message));
        }
    }

    private async Task ApplyToFolderAsync(
        IntegrationRequest request, Integration folder, SessionUser? user, CancellationToken cancellationToken)
    {
        // API keys belong to an account and have no role.
        if (user?.Row.Role != UserRole.Administrator)
            throw new ApiException(ApiError.AdministratorOnly());
        folder.Folder = request.Folder is { } path ? WatchedFolders.Normalize(path) : folder.Folder;
        if (folders.CheckFolder(folder.Folder!) is { } why)
            throw new ApiException(ApiError.Invalid("folder", why));
        folder.IndexId = request.IndexId ?? folder.IndexId;
        if (!await store.HasIndexAsync(folder.AccountId, folder.IndexId, cancellationToken))
            throw new ApiException(ApiError.NotFound("indexes", folder.IndexId ?? ""));
        if (request.Language is { } language)
            folder.Language = languages.Value.Find(language) ?? throw new ApiException(ApiError.UnknownLanguage(languages.Value));
    }
}

/// <summary>Creates responses for integrations.</summary>
public sealed class IntegrationViews(IntegrationStore store, IntegrationFiles files, IntegrationScanner scanner)
{
    /// <summary>Reads the current row.</summary>
    /// <exception cref="ApiException">The integration was deleted meanwhile.</exception>
    public async Task<IntegrationDto> ShowAsync(Integration integration, CancellationToken cancellationToken)
    {
        var row = await store.FindAsync(integration.Id, cancellationToken)
            ?? throw new ApiException(ApiError.NotFound(OwnedIntegration.Collection, integration.Id));
        return IntegrationDto.From(row, (await files.CountAsync([row.Id], cancellationToken))[row.Id]);
    }

    /// <summary>Verifies the source first.</summary>
    public async Task<IntegrationDto> VerifyAsync(Integration integration, CancellationToken cancellationToken)
    {
        await scanner.VerifyAsync(integration, cancellationToken);
        return await ShowAsync(integration, cancellationToken);
    }
}

public static class IntegrationSetup
{
    private const string Purpose = "VideoUnderstanding.Integrations.Credentials";

    /// <summary>Credentials are encrypted with the data protection keys in the database.</summary>
    public static void AddIntegrations(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var protector = provider.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose);
            return new CredentialProtection(protector.Protect, protector.Unprotect);
        });
        services.AddScoped<IntegrationForms>();
        services.AddScoped<IntegrationViews>();
        services.AddScoped<IntegrationScanner>();
        services.AddScoped<IntegrationTransfers>();
    }
}
