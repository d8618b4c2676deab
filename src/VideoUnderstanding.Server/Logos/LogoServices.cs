namespace VideoUnderstanding.Server.Logos;

public static class LogoServices
{
    /// <summary>Needs the data, the media tools, and the vectors of the search.</summary>
    public static IHostApplicationBuilder AddLogos(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<LogoGalleryOptions>().BindConfiguration(LogoGalleryOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<LogoGallery>();
        return builder;
    }
}
