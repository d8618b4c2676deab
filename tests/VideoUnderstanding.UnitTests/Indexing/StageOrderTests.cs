using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Stages;

namespace VideoUnderstanding.UnitTests.Indexing;

public sealed class StageOrderTests
{
    [Fact]
    public void The_pipeline_runs_its_stages_in_this_order()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddIndexing();
        Assert.Equal(
            [typeof(FetchSourcesStage), typeof(SkipDuplicateStage), typeof(ProbeMediaStage), typeof(WatchPicturesStage),
                typeof(HearSoundStage), typeof(WriteThumbnailStage)],
            builder.Services.Where(service => service.ServiceType == typeof(IIndexingStage)).Select(service => service.ImplementationType));
    }
}
