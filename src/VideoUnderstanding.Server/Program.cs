using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Api;
using VideoUnderstanding.Server.Cli;
using VideoUnderstanding.Server.Dashboard;
using VideoUnderstanding.Server.Documents;
using VideoUnderstanding.Server.Health;
using VideoUnderstanding.Server.Jobs;
using VideoUnderstanding.Server.Logos;
using VideoUnderstanding.Server.Logos.Administration;
using VideoUnderstanding.Server.Webhooks;
using VideoUnderstanding.Server.Webhooks.Administration;

namespace VideoUnderstanding.Server;

/// <summary>What the server is: a command line whose main verb serves the parts listed here.</summary>
public sealed class Program
{
    private Program()
    {
    }

    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args);

    /// <summary>The whole server, not yet started. The database's connection string must be configured, and its tables be there before the server starts.</summary>
    /// <param name="builder">Made by <see cref="ServerSettings.CreateBuilder"/>, or by a test with settings and fakes of its own.</param>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddIndexing();
        builder.AddSearch();
        builder.AddApi();
        builder.AddWebhooks();
        builder.AddLogos();
        builder.AddJobs();
        builder.AddHealth();
        builder.AddDashboard();

        var app = builder.Build();
        app.UseApi();
        app.MapV11();
        app.MapWebhooks();
        app.MapLogoGallery();
        app.MapDocuments();
        app.MapHealth();
        app.MapDashboard();
        return app;
    }
}
