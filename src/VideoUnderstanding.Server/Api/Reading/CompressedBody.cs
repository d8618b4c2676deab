using System.IO.Compression;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Reads request bodies with a Content-Encoding (RFC 9110, section 8.4). The compressed and the decompressed body are limited to
/// <see cref="MaxBytes"/>.</summary>
internal static class CompressedBody
{
    /// <summary>Maximum bytes of a body that is read into memory.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Maximum codings of a body.</summary>
    private const int MaxCodings = 2;

    private const string SupportedCodings = "br, deflate, gzip";

    private delegate Stream Decoder(MemoryStream compressed);

    /// <returns>The decompressed bytes.</returns>
    /// <exception cref="ApiException">A coding is not supported, the body does not have the format of the header, or it is too
    /// large.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Unsupported codings are rejected before the body is read.
        var decoders = Codings(request).Select(DecoderOf).Reverse().ToList();
        if (decoders.Count > MaxCodings)
            throw NotSupported($"At most {MaxCodings} codings are read.");
        using var received = new MemoryStream();
        await request.Body.CopyToAsync(received, cancellationToken);
        var body = received.ToArray();
        foreach (var decoder in decoders)
            body = Decompress(body, decoder);
        return body;
    }

    /// <summary>Rejects a Content-Encoding, for bodies that are processed as a stream.</summary>
    /// <exception cref="ApiException">The body has a Content-Encoding.</exception>
    public static void RequireNone(HttpRequest request)
    {
        if (Codings(request).Count > 0)
            throw new ApiException(ApiError.EncodingNotSupported("Please send forms without one.", "identity"));
    }

    /// <summary>The codings in the order in which they were applied.</summary>
    private static List<string> Codings(HttpRequest request)
        => [.. request.Headers.ContentEncoding.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding is not ("" or "identity"))];

    private static Decoder DecoderOf(string coding) => coding switch
    {
        "gzip" or "x-gzip" => compressed => new GZipStream(compressed, CompressionMode.Decompress),
        "br" => compressed => new BrotliStream(compressed, CompressionMode.Decompress),
        // The standard requires the zlib format, but several clients send a raw deflate stream.
        "deflate" => compressed => IsZlib(compressed.GetBuffer()) ? new ZLibStream(compressed, CompressionMode.Decompress)
            : new DeflateStream(compressed, CompressionMode.Decompress),
        _ => throw NotSupported($"These are read: {SupportedCodings}."),
    };

    /// <summary>Checks the zlib header: RFC 1950, section 2.2.</summary>
    private static bool IsZlib(byte[] start) => start.Length >= 2 && (start[0] & 0x0F) == 8 && ((start[0] << 8) + start[1]) % 31 == 0;

    private static byte[] Decompress(byte[] compressed, Decoder decoder)
    {
        if (compressed.Length == 0)
            return compressed;
        try
        {
            using var stream = decoder(new MemoryStream(compressed, 0, compressed.Length, writable: false, publiclyVisible: true));
            var decompressed = new byte[MaxBytes + 1];
            var count = stream.ReadAtLeast(decompressed, decompressed.Length, throwOnEndOfStream: false);
            return count <= MaxBytes ? decompressed[..count] : throw new ApiException(ApiError.BodyTooLarge());
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            throw new ApiException(ApiError.BodyInvalid("It is not packed as its Content-Encoding says."));
        }
    }

    private static ApiException NotSupported(string why) => new(ApiError.EncodingNotSupported(why, SupportedCodings));
}
