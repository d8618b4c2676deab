namespace VideoUnderstanding.Server.Health;

public static class HealthRegistration
{
    public static IHostApplicationBuilder AddHealth(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<StartupModelCheck>();
        return builder;
    }
}
