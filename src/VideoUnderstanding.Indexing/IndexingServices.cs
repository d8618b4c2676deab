using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VideoUnderstanding.Indexing;

public static class IndexingServices
{
    public static IHostApplicationBuilder AddIndexing(this IHostApplicationBuilder builder)
    {
        builder.Services.AddScoped<IndexingPipeline>();
        return builder;
    }
}
