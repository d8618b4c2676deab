using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VideoUnderstanding.Data;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Server.Jobs;
using VideoUnderstanding.Server.Webhooks;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>The jobs of a server without its API. Tasks have a validating stage and one more stage.</summary>
internal static class JobHost
{
    public static IHost Build(
        TestDatabase database, IndexingBench bench, ScriptedStage stage, params (string Name, string Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = database.ConnectionString,
            ["VideoUnderstanding:DataFolder"] = bench.Files.Root,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.AddMedia();
        builder.AddInference();
        builder.AddData();
        builder.AddIndexing();
        builder.AddWebhooks();
        builder.AddJobs();
        builder.Services.RemoveAll<IIndexingStage>();
        builder.Services.AddSingleton<IIndexingStage>(new ScriptedStage("probe", validates: true));
        builder.Services.AddSingleton<IIndexingStage>(stage);
        return builder.Build();
    }
}
