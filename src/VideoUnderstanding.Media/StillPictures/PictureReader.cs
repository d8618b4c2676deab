using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.StillPictures;

/// <summary>Decodes picture files that users upload.</summary>
public sealed class PictureReader(IOptions<MediaToolOptions> options)
{
    /// <summary>Pixels. Larger pictures are scaled down, because models use a few hundred pixels.</summary>
    private const int MaxLongSide = 512;

    private readonly MediaToolOptions _options = options.Value;

    /// <summary>Decodes a picture in memory through a temporary file, because FFmpeg reads files only.</summary>
    /// <param name="temporaryPath">Written and deleted.</param>
    /// <inheritdoc cref="ReadAsync(string, PictureKind, int, CancellationToken)"/>
    public async Task<StillPicture> ReadAsync(
        byte[] picture, string temporaryPath, PictureKind kind, int maxPixels, CancellationToken cancellationToken)
    {
        try
        {
            await File.WriteAllBytesAsync(temporaryPath, picture, cancellationToken).ConfigureAwait(false);
            return await ReadAsync(temporaryPath, kind, maxPixels, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(temporaryPath);
        }
    }

    /// <param name="maxPixels">A picture that declares more is refused before memory is allocated for it.</param>
    /// <exception cref="MediaException">The picture cannot be decoded, or has too many pixels. The message can be shown to the
    /// user.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async Task<StillPicture> ReadAsync(string path, PictureKind kind, int maxPixels, CancellationToken cancellationToken)
    {
        try
        {
            var output = await ToolProcess.RunAsync(_options.FFmpegPath, Arguments(path, kind, maxPixels), _options.ProbeLimits,
                cancellationToken).ConfigureAwait(false);
            return StillPicture.Parse(output.Bytes);
        }
        catch (Exception broken) when (broken is FormatException or ToolException { Failure: ToolFailure.Failed or ToolFailure.TimedOut })
        {
            if (broken is ToolException { Failure: ToolFailure.Failed, ExitCode: { } code } ended)
                DecoderExit.Check(code, ended.ErrorTail);
            throw new MediaException($"The picture cannot be decoded: it is broken, or has more than {maxPixels} pixels.", broken);
        }
    }

    internal static string[] Arguments(string path, PictureKind kind, int maxPixels) =>
    [
        "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-max_pixels", $"{maxPixels}", "-protocol_whitelist", "file,pipe", "-f",
        kind.Demuxer, "-i", FFmpegCommand.InputName(path),
        "-frames:v", "1", "-vf",
        $"scale=w='min({MaxLongSide},iw)':h='min({MaxLongSide},ih)':force_original_aspect_ratio=decrease:flags=lanczos", "-pix_fmt", "rgba",
        "-f", "image2pipe", "-c:v", "pam", "pipe:1",
    ];
}
