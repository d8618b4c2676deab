using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using VideoUnderstanding.Data.Objects;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Api.Tasks.Uploads;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Transfers;

/// <summary>Reads the JSON file of createTransfer, the only part of the form. File name and content type of the part are ignored.</summary>
internal static class TransferFile
{
    public const string Field = "file";

    /// <returns>The validated elements in their order.</returns>
    /// <exception cref="ApiException">The form or the file is malformed or too large, or an element is invalid.</exception>
    public static async Task<IReadOnlyList<TransferElementRequest>> ReadAsync(
        HttpRequest request, TransferOptions options, CancellationToken cancellationToken)
        => Parse(await ReceiveAsync(request, options.MaxFileBytes, cancellationToken), options.MaxElements);

    internal static IReadOnlyList<TransferElementRequest> Parse(ReadOnlyMemory<byte> json, int maxElements)
    {
        using var document = JsonDocuments.ParseArray(Field, json);
        var count = document.RootElement.GetArrayLength();
        if (count == 0 || count > maxElements)
            throw new ApiException(ApiError.Invalid(Field, $"It must have 1 to {maxElements} elements, and has {count}."));
        return [.. document.RootElement.EnumerateArray().Select((element, position) => Read(element, position + 1))];
    }

    private static TransferElementRequest Read(JsonElement element, int number)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new ApiException(ApiError.Invalid(Field, "It must be a JSON object.").InElement(number));
        try
        {
            JsonDocuments.CheckTexts(element, null);
            var read = JsonBody<TransferElementRequest>.Read(element);
            read.Validate();
            return read;
        }
        catch (ApiException wrong)
        {
            throw new ApiException(wrong.Error.InElement(number));
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReceiveAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var parts = MultipartParts.Open(request);
        // The bytes are counted while they are read.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } host)
            host.MaxRequestBodySize = null;
        ReadOnlyMemory<byte>? file = null;
        while (await BodyReads.GuardAsync(async () => await parts.ReadNextSectionAsync(cancellationToken)) is { } part)
        {
            var (name, _) = MultipartParts.NamesOf(part);
            if (name != Field)
                throw new ApiException(ApiError.Unknown(name, [Field]));
            if (file is not null)
                throw new ApiException(ApiError.Invalid(Field, "It is given more than once."));
            file = await ReadAsync(part.Body, maxBytes, cancellationToken);
        }
        return file is { Length: > 0 } bytes ? bytes : throw new ApiException(ApiError.Missing(Field));
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await BodyReads.GuardAsync(() => body.ReadAsync(block, cancellationToken))) > 0;)
        {
            if (received.Length + read > maxBytes)
                throw new ApiException(ApiError.Invalid(Field, $"It must have at most {maxBytes} bytes."));
            received.Write(block, 0, read);
        }
        return received.ToArray();
    }
}
