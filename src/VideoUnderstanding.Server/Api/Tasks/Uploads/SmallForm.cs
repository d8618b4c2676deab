using Microsoft.AspNetCore.Http.Features;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Tasks.Uploads;

/// <summary>The fields of a multipart form that fits into memory.</summary>
internal sealed class SmallForm
{
    private readonly Dictionary<string, byte[]> _fields = [];

    private SmallForm()
    {
    }

    /// <param name="maxBytes">The known fields with the maximum size of each.</param>
    /// <exception cref="ApiException">The form is malformed, or a field is unknown, too large or given twice.</exception>
    public static async Task<SmallForm> ReadAsync(
        HttpRequest request, IReadOnlyDictionary<string, int> maxBytes, CancellationToken cancellationToken)
    {
        var parts = MultipartParts.Open(request);
        // The bytes are counted while they are read.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
            host.MaxRequestBodySize = null;
        var form = new SmallForm();
        while (await BodyReads.GuardAsync(async () => await parts.ReadNextSectionAsync(cancellationToken)) is { } part)
        {
            var (name, _) = MultipartParts.NamesOf(part);
            if (!maxBytes.TryGetValue(name, out var limit))
                throw new ApiException(ApiError.Unknown(name, maxBytes.Keys));
            if (!form._fields.TryAdd(name, await ReadAsync(name, part.Body, limit, cancellationToken)))
                throw new ApiException(ApiError.Invalid(name, "It is given more than once."));
        }
        return form;
    }

    /// <summary>Content of a field; null if it is missing or empty.</summary>
    public byte[]? Bytes(string name) => _fields.GetValueOrDefault(name) is { Length: > 0 } content ? content : null;

    /// <summary>Text of a field; null if it is missing or empty.</summary>
    /// <exception cref="ApiException">The content is not UTF-8.</exception>
    public string? Text(string name) => Bytes(name) is { } content ? MultipartParts.Text(name, content) : null;

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
