using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Cli;
using VideoUnderstanding.Search;
using VideoUnderstanding.Server.Api;
using VideoUnderstanding.Server.App;
using VideoUnderstanding.Server.Cli;
using VideoUnderstanding.Server.Documents;
using VideoUnderstanding.Server.Health;
using VideoUnderstanding.Server.Jobs;
using VideoUnderstanding.Server.Logos;
using VideoUnderstanding.Server.Mcp;
using VideoUnderstanding.Server.Nodes;
using VideoUnderstanding.Server.Telemetry;
using VideoUnderstanding.Server.Webhooks;
using VideoUnderstanding.Server.Webhooks.Administration;

namespace VideoUnderstanding.Server;

/// <summary>Entry point and composition root: a command line whose verb <c>serve</c> runs the server.</summary>
public static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args, ServeCommand.Create, ServeCommand.ServeAsync);

    /// <summary>Builds the server without starting it. A database must be configured; its tables must exist before the start.</summary>
    /// <param name="builder">Created by <see cref="ServeCommand.CreateBuilder"/>, or by a test with its own settings and fakes.</param>
    /// <param name="replace">Replaces registrations, for tests; null keeps them.</param>
    public static WebApplication Build(WebApplicationBuilder builder, Action<IServiceCollection>? replace = null)
    {
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddIndexing();
        builder.AddSearch();
        builder.AddApi();
        builder.AddWebhooks();
        builder.AddJobs();
        builder.AddMcp();
        builder.AddHealth();
        builder.AddWebApp();
        builder.AddTelemetry();
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseApi();
        app.MapHealth();
        app.MapTelemetry();
        if (NodeOptions.RoleIn(builder.Configuration) == NodeRole.Worker)
            return app;
        app.MapV11();
        app.MapWebhooks();
        app.MapLogoGallery();
        app.MapMcpTools();
        app.MapDocuments();
        app.MapWebApp();
        return app;
    }
}
