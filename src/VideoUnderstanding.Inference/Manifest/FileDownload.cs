using System.Net;
using System.Net.Http.Headers;

namespace VideoUnderstanding.Inference.Manifest;

/// <summary>Brings one address to one file: goes on where an interrupted download stopped, and tries again a few times.</summary>
internal sealed class FileDownload(HttpClient http, TimeProvider clock, TimeSpan firstPause)
{
    private const int Tries = 5;
    private const int ReportEvery = 4 << 20;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(60);

    /// <summary>Writes <paramref name="part"/>; a file already there is taken as the beginning.</summary>
    /// <returns>False when the server says that there is no such file.</returns>
    /// <exception cref="ModelStoreException">Refused, or failed each time.</exception>
    public async Task<bool> RunAsync(Uri address, string part, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        for (var failures = 0; ;)
        {
            var before = LengthOf(part);
            try
            {
                return await TryAsync(address, part, progress, cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException)
            {
                // A try that brought something is no failed one: a slow line may break many times.
                failures = LengthOf(part) > before ? 0 : failures + 1;
                if (failures >= Tries)
                    throw new ModelStoreException($"{address} could not be fetched after {Tries} tries: {error.Message} What came so far is kept; the same command goes on from there.");
                await Task.Delay(firstPause * Math.Pow(2, failures), clock, cancellationToken);
            }
        }
    }

    private async Task<bool> TryAsync(Uri address, string part, Action<long, long?> progress, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            using var request = Request(address, part);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (response.StatusCode == HttpStatusCode.NotFound)
                return false;
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                Forget(part);
                throw new IOException("The server no longer knows the part that was fetched before.");
            }
            if ((int)response.StatusCode is >= 400 and < 500 and not (408 or 429))
                throw new ModelStoreException($"{address} was refused: {(int)response.StatusCode} {response.ReasonPhrase}.");
            response.EnsureSuccessStatusCode();
            await CopyAsync(response, part, progress, silence, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came for {Silence.TotalSeconds} seconds.");
        }
    }

    private static async Task CopyAsync(HttpResponseMessage response, string part, Action<long, long?> progress, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        var resumed = response.StatusCode == HttpStatusCode.PartialContent;
        var received = resumed ? LengthOf(part) : 0;
        var total = received + response.Content.Headers.ContentLength;
        if (!resumed)
            await File.WriteAllTextAsync(TagOf(part), response.Headers.ETag?.ToString() ?? "", cancellationToken);
        await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var target = new FileStream(part, resumed ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        progress(received, total);
        var (buffer, reported) = (new byte[1 << 17], received);
        for (int read; (read = await source.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            silence.CancelAfter(Silence);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            received += read;
            if (received - reported < ReportEvery)
                continue;
            progress(reported = received, total);
        }
        if (total is { } expected && received != expected)
            throw new IOException($"The connection ended after {received} of {expected} bytes.");
        progress(received, total);
    }

    private static HttpRequestMessage Request(Uri address, string part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (length, tag) = (LengthOf(part), File.Exists(TagOf(part)) ? File.ReadAllText(TagOf(part)) : "");
        // Without the server's tag a changed file could not be told from the one that was begun: then start over.
        if (length > 0 && EntityTagHeaderValue.TryParse(tag, out var known) && !known.IsWeak)
        {
            request.Headers.Range = new RangeHeaderValue(length, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(known);
        }
        return request;
    }

    /// <summary>Removes what an interrupted download left.</summary>
    public static void Forget(string part)
    {
        File.Delete(part);
        File.Delete(TagOf(part));
    }

    private static string TagOf(string part) => part + ".etag";

    private static long LengthOf(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
