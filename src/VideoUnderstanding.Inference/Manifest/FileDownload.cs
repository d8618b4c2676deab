using System.Net;
using System.Net.Http.Headers;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Timeout and retries of a download.</summary>
/// <param name="IdleTimeout">An attempt fails if no byte arrives for this time.</param>
/// <param name="Attempts">Consecutive attempts without a single new byte after which the download fails.</param>
/// <param name="FirstRetryDelay">Delay before the second attempt. It doubles with each failure.</param>
public sealed record DownloadLimits(TimeSpan IdleTimeout, int Attempts, TimeSpan FirstRetryDelay)
{
    /// <summary>For a command that a user started and can stop.</summary>
    public static DownloadLimits Interactive { get; } = new(TimeSpan.FromSeconds(60), 5, TimeSpan.FromSeconds(1));

    /// <summary>For the start of the server: fails within ten seconds if the host does not answer.</summary>
    public static DownloadLimits Startup { get; } = new(TimeSpan.FromSeconds(9), 1, TimeSpan.FromSeconds(0.5));
}

/// <summary>Downloads one address to one file. Resumes an interrupted download and retries.</summary>
internal sealed class FileDownload(HttpClient http, TimeProvider clock, DownloadLimits limits)
{
    private const int ReportEvery = 4 << 20;

    /// <summary>Writes <paramref name="part"/>. An existing file counts as the beginning of the download.</summary>
    /// <param name="size">Bytes that the file must have; null if unknown. A response of another size is refused before it is
    /// stored.</param>
    /// <returns>False if the server answers 404.</returns>
    /// <exception cref="ModelStoreException">The server refused the request, or all attempts failed.</exception>
    public async Task<bool> RunAsync(
        Uri address, string part, long? size, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var before = LengthOf(part);
            try
            {
                return await TryAsync(address, part, size, progress, cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                // An attempt that received bytes does not count as a failure: a slow connection may break many times.
                failures = LengthOf(part) > before ? 0 : failures + 1;
                if (failures >= limits.Attempts)
                    throw new ModelStoreException($"{address} could not be downloaded ({limits.Attempts} attempts): {error.Message} "
                        + "The received part is kept. The next download resumes there.");
                await Task.Delay(limits.FirstRetryDelay * Math.Pow(2, failures), clock, cancellationToken);
            }
        }
    }

    private async Task<bool> TryAsync(
        Uri address, string part, long? size, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        using var idleTimeout = new CancellationTokenSource(limits.IdleTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(idleTimeout.Token, cancellationToken);
        try
        {
            using var request = Request(address, part);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return false;
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                DeletePart(part);
                throw new IOException("The server does not accept the range after the received part. The download starts again.");
            }
            if ((int)response.StatusCode is >= 300 and < 500 and not (408 or 429))
                throw new ModelStoreException($"{address} was refused: {(int)response.StatusCode} {response.ReasonPhrase}.");
            response.EnsureSuccessStatusCode();
            await CopyAsync(response, part, size, progress, idleTimeout, linked.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No data arrived for {limits.IdleTimeout.TotalSeconds} seconds.");
        }
    }

    private async Task CopyAsync(
        HttpResponseMessage response, string part, long? size, Action<long, long?> progress, CancellationTokenSource idleTimeout,
        CancellationToken cancellationToken)
    {
        var resumed = response.StatusCode == HttpStatusCode.PartialContent;
        var received = resumed ? LengthOf(part) : 0;
        var total = received + response.Content.Headers.ContentLength;
        RequireSize(response, total, size);
        if (!resumed)
            await File.WriteAllTextAsync(TagOf(part), response.Headers.ETag?.ToString() ?? "", cancellationToken);
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var target = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        progress(received, total);
        var (buffer, reported) = (new byte[1 << 17], received);
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            idleTimeout.CancelAfter(limits.IdleTimeout);
            received += read;
            // A response without a length must not fill the disk.
            RequireSize(response, received > size ? received : null, size);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            if (received - reported < ReportEvery)
                continue;
            progress(reported = received, total);
        }
        if (total is { } expected && received != expected)
            throw new IOException($"The connection ended after {received} of {expected} bytes.");
        progress(received, total);
    }

    private static void RequireSize(HttpResponseMessage response, long? actual, long? expected)
    {
        if (actual is { } bytes && expected is { } wanted && bytes != wanted)
            throw new ModelStoreException($"{response.RequestMessage?.RequestUri} sends another file than the manifest describes: "
                + $"{bytes} bytes or more instead of {wanted}.");
    }

    private static HttpRequestMessage Request(Uri address, string part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (length, tag) = (LengthOf(part), File.Exists(TagOf(part)) ? File.ReadAllText(TagOf(part)) : "");
        // Without the server's strong ETag a file that changed on the server cannot be detected. The download then starts again.
        if (length > 0 && EntityTagHeaderValue.TryParse(tag, out var known) && !known.IsWeak)
        {
            request.Headers.Range = new RangeHeaderValue(length, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(known);
        }
        return request;
    }

    /// <summary>Removes the files of an interrupted download.</summary>
    public static void DeletePart(string part)
    {
        File.Delete(part);
        File.Delete(TagOf(part));
    }

    /// <summary>Bytes of an interrupted download; 0 if there is none.</summary>
    public static long LengthOf(string part) => new FileInfo(part) is { Exists: true } file ? file.Length : 0;

    private static string TagOf(string part) => part + ".etag";
}
