using Microsoft.AspNetCore.Http.Features;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Logos;

/// <summary>The fields of createGalleryLogo.</summary>
internal sealed record LogoForm(string Name, byte[] Picture)
{
    public const string NameField = "name";
    public const string FileField = "file";

    private const int MaxNameBytes = 4 * 1024;

    /// <exception cref="ApiException">The form is malformed, or a field is missing, invalid or too large.</exception>
    public static async Task<LogoForm> ReadAsync(HttpRequest request, int maxPictureBytes, CancellationToken cancellationToken)
    {
        var parts = MultipartParts.Open(request);
        // The bytes are counted while they are read.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
            host.MaxRequestBodySize = null;
        var fields = new Dictionary<string, byte[]>();
        while (await BodyReads.GuardAsync(async () => await parts.ReadNextSectionAsync(cancellationToken)) is { } part)
        {
            var (name, _) = MultipartParts.NamesOf(part);
            if (name is not (NameField or FileField))
                throw new ApiException(ApiError.Unknown(name, [NameField, FileField]));
            if (!fields.TryAdd(name,
                await ReadAsync(name, part.Body, name == FileField ? maxPictureBytes : MaxNameBytes, cancellationToken)))
                throw new ApiException(ApiError.Invalid(name, "It is given more than once."));
        }
        if (new[] { NameField, FileField }.Where(name => fields.GetValueOrDefault(name) is not { Length: > 0 })
            .ToArray() is { Length: > 0 } missing)
            throw new ApiException(ApiError.Missing(missing));
        var brand = MultipartParts.Text(NameField, fields[NameField]);
        return LogoGallery.CheckName(brand) is { } wrong ? throw new ApiException(ApiError.Invalid(NameField, wrong))
            : new LogoForm(brand, fields[FileField]);
    }

    private static async Task<byte[]> ReadAsync(string name, Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await BodyReads.GuardAsync(() => body.ReadAsync(block, cancellationToken))) > 0;)
        {
            if (received.Length + read > maxBytes)
                throw new ApiException(ApiError.Invalid(name, $"It must have at most {maxBytes} bytes."));
            received.Write(block, 0, read);
        }
        return received.ToArray();
    }
}
