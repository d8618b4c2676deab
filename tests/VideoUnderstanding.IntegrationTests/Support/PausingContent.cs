using System.Net;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Sends a file in two halves and runs a callback between them.</summary>
internal sealed class PausingContent(string path, Func<Task> between) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var bytes = await File.ReadAllBytesAsync(path);
        await stream.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
        await stream.FlushAsync();
        await between();
        await stream.WriteAsync(bytes.AsMemory(bytes.Length / 2));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
