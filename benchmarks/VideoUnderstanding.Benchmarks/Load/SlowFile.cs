using System.Net;

namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>A file that is sent slowly: small pieces, evenly distributed over the duration of the upload.</summary>
internal sealed class SlowFile(byte[] bytes, TimeSpan duration) : HttpContent
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var piece = Math.Max(1, (int)(bytes.Length * (Pause / duration)));
        for (var at = 0; at < bytes.Length; at += piece)
        {
            await stream.WriteAsync(bytes.AsMemory(at, Math.Min(piece, bytes.Length - at)));
            await stream.FlushAsync();
            await Task.Delay(Pause);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
