using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

public static class InferenceRegistration
{
    public static IHostApplicationBuilder AddInference(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ModelOptions>().BindConfiguration(ModelOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ModelOptions>, ModelOptionsValidator>();
        services.TryAddClock();
        services.AddHttpClient(ModelStore.HttpClientName, client => client.Timeout = Timeout.InfiniteTimeSpan);
        services.AddSingleton(provider => ModelManifest.Load(OptionsOf(provider).ManifestPath()));
        services.AddSingleton(provider => new ModelFolders(
            OptionsOf(provider).FolderPath(),
            Path.GetDirectoryName(OptionsOf(provider).ManifestPath())!,
            // The configuration also contains the environment variables.
            name => provider.GetRequiredService<IConfiguration>()[name]));
        services.AddSingleton<ModelStore>();
        services.AddSingleton<OnnxSessions>();
        services.AddSingleton(provider => new ProfileSelection(
            OptionsOf(provider), provider.GetRequiredService<ModelManifest>(), provider.GetRequiredService<ModelFolders>(),
            GpuDetection.IsGpuExpected));
        services.AddSingleton(provider => provider.GetRequiredService<ProfileSelection>().Current.Profile);
        services.AddSingleton<ModelSet>();
        services.AddSingleton<ModelCheck>();
        services.AddSingleton<Calibrations>();
        services.AddSingleton<ProfileModels>();
        services.AddSingleton<ModelSets>();
        return builder;
    }

    private static ModelOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<IOptions<ModelOptions>>().Value;

    private static void TryAddClock(this IServiceCollection services)
    {
        if (services.All(service => service.ServiceType != typeof(TimeProvider)))
            services.AddSingleton(TimeProvider.System);
    }
}
