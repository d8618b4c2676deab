using System.IO.Compression;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Api.Reading;

/// <summary>Reads request bodies that have a Content-Encoding (RFC 9110, section 8.4). Both the packed and the unpacked body have at most
/// <see cref="MaxBytes"/>, so a small body cannot become a large one.</summary>
internal static class PackedBody
{
    /// <summary>Bytes of a body that is read into memory.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Codings of one body. Each one is unpacked in a pass of its own.</summary>
    private const int MaxCodings = 2;

    private const string Readable = "br, deflate, gzip";

    private delegate Stream Unpacker(MemoryStream packed);

    /// <returns>The unpacked bytes.</returns>
    /// <exception cref="ApiException">A coding is not supported, the body is not packed as the header says, or it is too large.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Before the body is read: what can not be unpacked is refused at once.
        var unpackers = Codings(request).Select(UnpackerOf).Reverse().ToList();
        if (unpackers.Count > MaxCodings)
            throw NotSupported($"At most {MaxCodings} codings are read.");
        using var received = new MemoryStream();
        await request.Body.CopyToAsync(received, cancellationToken);
        var body = received.ToArray();
        foreach (var unpacker in unpackers)
            body = Unpack(body, unpacker);
        return body;
    }

    /// <summary>For bodies that are read while they arrive.</summary>
    /// <exception cref="ApiException">The body has a Content-Encoding.</exception>
    public static void RequireNone(HttpRequest request)
    {
        if (Codings(request).Count > 0)
            throw new ApiException(ApiError.EncodingNotSupported("Please send forms without one.", "identity"));
    }

    /// <summary>In the order in which they were applied.</summary>
    private static List<string> Codings(HttpRequest request)
        => [.. request.Headers.ContentEncoding.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Select(coding => coding.ToLowerInvariant()).Where(coding => coding is not ("" or "identity"))];

    private static Unpacker UnpackerOf(string coding) => coding switch
    {
        "gzip" or "x-gzip" => packed => new GZipStream(packed, CompressionMode.Decompress),
        "br" => packed => new BrotliStream(packed, CompressionMode.Decompress),
        // The coding is the zlib format, but several clients send the deflate stream without its frame.
        "deflate" => packed => IsZlib(packed.GetBuffer()) ? new ZLibStream(packed, CompressionMode.Decompress)
            : new DeflateStream(packed, CompressionMode.Decompress),
        _ => throw NotSupported($"These are read: {Readable}."),
    };

    /// <summary>RFC 1950, section 2.2.</summary>
    private static bool IsZlib(byte[] start) => start.Length >= 2 && (start[0] & 0x0F) == 8 && ((start[0] << 8) + start[1]) % 31 == 0;

    private static byte[] Unpack(byte[] packed, Unpacker unpacker)
    {
        if (packed.Length == 0)
            return packed;
        try
        {
            using var stream = unpacker(new MemoryStream(packed, 0, packed.Length, writable: false, publiclyVisible: true));
            var unpacked = new byte[MaxBytes + 1];
            var count = stream.ReadAtLeast(unpacked, unpacked.Length, throwOnEndOfStream: false);
            return count <= MaxBytes ? unpacked[..count] : throw new ApiException(ApiError.BodyTooLarge());
        }
        catch (Exception failure) when (failure is InvalidDataException or InvalidOperationException)
        {
            throw new ApiException(ApiError.BodyInvalid("It is not packed as its Content-Encoding says."));
        }
    }

    private static ApiException NotSupported(string why) => new(ApiError.EncodingNotSupported(why, Readable));
}
