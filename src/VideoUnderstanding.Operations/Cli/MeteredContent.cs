using System.Net;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>A file as the content of a request, which tells how much of it was sent.</summary>
/// <param name="sent">Told the share, 0 to 1, after every buffer; null if nobody asks.</param>
internal sealed class MeteredContent(FileStream file, Action<double>? sent) : HttpContent
{
    private const int BufferBytes = 128 * 1024;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await file.ReadAsync(buffer, cancellationToken)) > 0)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            sent?.Invoke((double)file.Position / file.Length);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
