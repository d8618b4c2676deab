using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>A web server on a free port. The test supplies its request handler.</summary>
internal sealed class FileHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileHost(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<FileHost> StartAsync(RequestDelegate answer, string host = "127.0.0.1")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://{host}:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new FileHost(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
