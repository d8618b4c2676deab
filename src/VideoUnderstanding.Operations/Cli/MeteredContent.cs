using System.Net;

namespace VideoUnderstanding.Operations.Cli;

/// <summary>Request content that sends a file and reports the progress.</summary>
/// <param name="sent">Called with the sent share, 0 to 1, after every buffer; null for no reports.</param>
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
