namespace VideoUnderstanding.Media.StillPictures;

/// <summary>A supported kind of picture file, detected by its first bytes.</summary>
/// <param name="Demuxer">FFmpeg's name. It is passed to FFmpeg, so that FFmpeg does not detect the format itself.</param>
public sealed record PictureKind(string MediaType, string Demuxer)
{
    private static readonly PictureKind Png = new("image/png", "png_pipe");
    private static readonly PictureKind Jpeg = new("image/jpeg", "jpeg_pipe");
    private static readonly PictureKind WebP = new("image/webp", "webp_pipe");
    private static readonly PictureKind Bitmap = new("image/bmp", "bmp_pipe");

    /// <summary>The supported kinds, for messages.</summary>
    public const string Known = "PNG, JPEG, WebP or BMP";

    /// <summary>Null for everything else.</summary>
    public static PictureKind? Detect(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png,
        [0xFF, 0xD8, 0xFF, ..] => Jpeg,
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP,
        [(byte)'B', (byte)'M', ..] => Bitmap,
        _ => null,
    };
}
