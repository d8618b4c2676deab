using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.KeptPictures;

/// <summary>Reads files of <see cref="KeptPictureWriter"/>.</summary>
public sealed class KeptPictureReader(IOptions<MediaToolOptions> options)
{
    private readonly MediaToolOptions _options = options.Value;

    /// <returns>Seconds of the video.</returns>
    /// <exception cref="MediaException">The file is not a complete file of kept pictures.</exception>
    public static double ReadDuration(string path)
    {
        using var file = File.OpenRead(path);
        return PictureTable.Read(file).Duration;
    }

    /// <summary>Yields the added pictures with the losses of JPEG and of scaling down.</summary>
    /// <exception cref="MediaException">The file is damaged.</exception>
    /// <exception cref="ToolException">ffmpeg is missing or was killed.</exception>
    public async IAsyncEnumerable<Frame> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        PictureTable table;
        await using (var file = File.OpenRead(path))
            table = PictureTable.Read(file);
        var command = new ToolCommand(_options.FFmpegPath, Arguments(path, table));
        await using var tool = ToolProcess.Start(command, _options.DecodeLimits(table.Duration));
        foreach (var picture in table.Pictures)
        {
            var pixels = new byte[table.Width * table.Height * 3];
            if (await ReadAsync(tool, pixels, cancellationToken).ConfigureAwait(false) < pixels.Length)
                throw new MediaException($"The kept pictures cannot be decoded{ToolMessages.Reason(tool.ErrorTail)}.");
            yield return new Frame(picture.Time, picture.StartsShot, table.Width, table.Height, pixels) { Start = picture.Start };
        }
    }

    /// <summary>The last picture is followed by the table. The frame limit prevents it from being decoded.</summary>
    internal static string[] Arguments(string path, PictureTable table) =>
    [
        "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-protocol_whitelist", "file,pipe", "-f", "mjpeg", "-framerate", "1",
        "-i", FFmpegCommand.InputName(path), "-frames:v", table.Pictures.Count.ToString(CultureInfo.InvariantCulture),
        "-vf", string.Create(CultureInfo.InvariantCulture,
            $"scale=w={table.Width}:h={table.Height}:flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=bt601:in_range=full,"
                + $"format=rgb24"),
        "-fps_mode", "passthrough", "-f", "rawvideo", "pipe:1",
    ];

    private static async Task<int> ReadAsync(ToolProcess tool, byte[] pixels, CancellationToken cancellationToken)
    {
        try
        {
            return await tool.Output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ToolException exception) when (exception.Failure == ToolFailure.TimedOut)
        {
            throw new MediaException("Decoding the kept pictures took far too long.", exception);
        }
    }
}
