using System.Globalization;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.Media.KeptPictures;

/// <summary>Writes the analysed pictures of one video to one file, as JPEG. One ffmpeg process encodes all of them.</summary>
/// <param name="path">A new file; incomplete until <see cref="CompleteAsync"/> has returned.</param>
/// <param name="maxShortSide">Pixels; larger pictures are scaled down.</param>
/// <param name="duration">Seconds of the video.</param>
public sealed class KeptPictureWriter(string path, int maxShortSide, double duration, MediaToolOptions options) : IAsyncDisposable
{
    /// <summary>JPEG scale of FFmpeg, 2 (best) to 31. docs/models.md has the measured sizes and similarities.</summary>
    private const int Quality = 5;

    /// <summary>The encoder waits for pictures as long as the models need, so only its processor time is limited.</summary>
    private static readonly TimeSpan EncoderTimeout = TimeSpan.FromDays(30);

    private readonly List<PictureTable.Entry> _pictures = [];
    private PictureSize _size;
    private FileStream? _file;
    private ToolProcess? _encoder;
    private Task _copying = Task.CompletedTask;

    /// <summary>Adds a picture. All must have the same size.</summary>
    /// <exception cref="ToolException">ffmpeg is missing or failed.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Task AddAsync(Frame frame, CancellationToken cancellationToken)
    {
        if (_encoder is null)
            Start(frame);
        await SendAsync(input => input.WriteAsync(frame.Rgb, cancellationToken).AsTask(), cancellationToken).ConfigureAwait(false);
        _pictures.Add(new PictureTable.Entry(frame.Time, frame.Start, frame.StartsShot));
    }

    /// <summary>Completes the file.</summary>
    /// <returns>False if there was no picture; then there is no file.</returns>
    /// <inheritdoc cref="AddAsync" path="/exception"/>
    public async Task<bool> CompleteAsync(CancellationToken cancellationToken)
    {
        if (_encoder is null || _file is null)
            return false;
        await SendAsync(input => input.DisposeAsync().AsTask(), cancellationToken).ConfigureAwait(false);
        await _copying.WaitAsync(cancellationToken).ConfigureAwait(false);
        await RequireSuccessAsync(cancellationToken).ConfigureAwait(false);
        new PictureTable(duration, _size.Width, _size.Height, _pictures).WriteTo(_file);
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_encoder is not null)
            await _encoder.DisposeAsync().ConfigureAwait(false);
        await _copying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_file is not null)
            await _file.DisposeAsync().ConfigureAwait(false);
    }

    internal static string[] Arguments(int width, int height, PictureSize size) =>
    [
        "-nostdin", "-hide_banner", "-nostats", "-v", "error", "-protocol_whitelist", "pipe", "-f", "rawvideo", "-pixel_format", "rgb24",
        "-video_size", string.Create(CultureInfo.InvariantCulture, $"{width}x{height}"), "-framerate", "1", "-i", "pipe:0",
        // The decoder of the pictures assumes the same matrix and range.
        "-vf", string.Create(CultureInfo.InvariantCulture,
            $"scale=w={size.Width}:h={size.Height}:flags=lanczos+accurate_rnd:out_color_matrix=bt601:out_range=full,format=yuvj420p"),
        "-threads", "1", "-fps_mode", "passthrough", "-c:v", "mjpeg", "-q:v", Quality.ToString(CultureInfo.InvariantCulture), "-f", "mjpeg",
        "pipe:1",
    ];

    private void Start(Frame frame)
    {
        _size = PictureSize.FitShortSide(frame.Width, frame.Height, maxShortSide);
        var access = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        // Only the server's user may read pictures of a video.
        if (!OperatingSystem.IsWindows())
            access.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(path, access);
        _encoder = ToolProcess.Start(new ToolCommand(options.FFmpegPath, Arguments(frame.Width, frame.Height, _size)),
            options.DecodeLimits(duration) with { Time = EncoderTimeout }, hasInput: true);
        _copying = _encoder.Output.CopyToAsync(_file, CancellationToken.None);
    }

    /// <summary>A pipe breaks if the encoder or the copy task has ended. Their own failure is more specific, so it is thrown
    /// instead.</summary>
    private async Task SendAsync(Func<Stream, Task> send, CancellationToken cancellationToken)
    {
        if (_copying.IsFaulted)
            await _copying.ConfigureAwait(false);
        var sending = send(_encoder!.Input);
        try
        {
            // The encoder stops reading its input if its output is not read.
            if (await Task.WhenAny(sending, _copying).WaitAsync(cancellationToken).ConfigureAwait(false) == _copying && _copying.IsFaulted)
                await _copying.ConfigureAwait(false);
            await sending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException) when (sending.IsFaulted)
        {
            await _copying.ConfigureAwait(false);
            await RequireSuccessAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RequireSuccessAsync(CancellationToken cancellationToken)
    {
        var code = await _encoder!.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (code != 0)
            throw new ToolException($"ffmpeg could not encode the pictures{ToolMessages.Reason(_encoder.ErrorTail)}", ToolFailure.Failed,
                code, _encoder.ErrorTail);
    }
}
