using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Media.Joining;
using VideoUnderstanding.Media.KeptPictures;
using VideoUnderstanding.Media.StillPictures;
using VideoUnderstanding.Media.Streaming;

namespace VideoUnderstanding.Media;

public static class MediaRegistration
{
    public static IHostApplicationBuilder AddMedia(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<MediaToolOptions>().BindConfiguration(MediaToolOptions.Section).ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddHostedService<SandboxReport>();
        builder.Services.AddSingleton<MediaProbe>();
        builder.Services.AddSingleton<FrameReader>();
        builder.Services.AddSingleton<SoundReader>();
        builder.Services.AddSingleton<ThumbnailWriter>();
        builder.Services.AddSingleton<PictureReader>();
        builder.Services.AddSingleton<KeptPictureReader>();
        builder.Services.AddSingleton<StreamPlanner>();
        builder.Services.AddSingleton<SegmentWriter>();
        builder.Services.AddSingleton<JoinedClipWriter>();
        return builder;
    }
}
