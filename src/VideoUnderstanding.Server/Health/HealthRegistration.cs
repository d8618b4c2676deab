using Microsoft.Extensions.DependencyInjection.Extensions;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.Server.Health;

public static class HealthRegistration
{
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<StartupModelCheck>();
        builder.Services.AddHostedService<SwitchedModels>();
        // Requests fail instead of waiting for models that are being loaded.
        builder.Services.Replace(ServiceDescriptor.Singleton<IQueryVectors>(provider
            => ActivatorUtilities.CreateInstance<ModelQueryVectors>(provider, false)));
        return builder;
    }
}
