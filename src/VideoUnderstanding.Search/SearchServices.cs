using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.Logos;
using VideoUnderstanding.Search.Pictures;
using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.Search;

public static class SearchServices
{
    public static IHostApplicationBuilder AddSearch(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddOptions<VideoSearchOptions>().BindConfiguration(VideoSearchOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.TryAddSingleton<IQueryVectors, ModelQueryVectors>();
        builder.Services.AddOptions<LogoSearchOptions>().BindConfiguration(LogoSearchOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<LogoSearchOptions>, LogoSearchOptionsValidator>();
        builder.Services.AddOptions<LogoGalleryOptions>().BindConfiguration(LogoGalleryOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<PictureDecoder>();
        builder.Services.AddScoped<PictureSearch>();
        builder.Services.AddScoped<LogoVectors>();
        builder.Services.AddScoped<LogoGallery>();
        builder.Services.AddSingleton<BrandList>();
        builder.Services.AddScoped<LogoFinder>();
        builder.Services.AddSingleton<Confidence.IndexSamples>();
        builder.Services.AddSingleton<SideConnectionLimit>();
        builder.Services.AddScoped<VideoSearch>();
        builder.Services.AddScoped<ReplicatedSearch>();
        builder.Services.AddScoped<AnswerPages>();
        builder.Services.AddOptions<ClassificationOptions>().BindConfiguration(ClassificationOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddScoped<VideoClassification>();
        return builder;
    }
}
