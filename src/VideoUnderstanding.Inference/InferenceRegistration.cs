using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace VideoUnderstanding.Inference;

public static class InferenceRegistration
{
    public static IHostApplicationBuilder AddInference(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ModelSet>();
        return builder;
    }
}
