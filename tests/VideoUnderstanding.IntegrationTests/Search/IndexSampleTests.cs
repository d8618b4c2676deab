using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The sample of rows that represents the background of an index.</summary>
public sealed class IndexSampleTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private readonly IndexSamples _samples = new();

    private TestDatabase Rows => database.Rows;

    [Fact]
    public async Task Text_of_a_rare_kind_is_sampled_from_the_videos_that_have_it()
    {
        var index = await Rows.AddIndexAsync();
        var shown = new List<string>();
        for (var number = 0; number < 40; number++)
        {
            var video = await Rows.AddVideoAsync(index);
            await Rows.AddTextAsync(video, TextSource.Speech, (0, 2, "words"));
            if (number % 20 != 0)
                continue;
            await Rows.AddTextAsync(video, TextSource.Screen, (0, 2, "letters"), (4, 6, "letters"));
            shown.Add(video.Id);
        }

        var drawn = await DrawAsync(index, "screen", videos: 2);

        Assert.Equal(4, drawn.Count);
        Assert.Equal(shown.Order(), drawn.Select(row => row.VideoId).Distinct().Order());
    }

    [Fact]
    public async Task A_sample_is_reused_until_a_video_is_added()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Speech, (0, 2, "colour: red"), (2, 4, "colour: green"));
        var first = await DrawAsync(index, "speech");
        Assert.Equal([0, 1], first.Select(row => Math.Round(row.Distance, 3)).Order());

        await using (var db = Rows.Open())
            await db.TextSegments.Where(row => row.VideoId == video.Id && row.Number == 0).ExecuteDeleteAsync();
        Assert.Equal(first, await DrawAsync(index, "speech"));

        await Rows.AddVideoAsync(index);
        Assert.Equal([1.0], (await DrawAsync(index, "speech")).Select(row => Math.Round(row.Distance, 3)));
    }

    [Fact]
    public async Task Frames_are_sampled_from_finished_videos_only()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddFramesAsync(video, (150, "red", 0.9));
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index, finished: false), (10, "red", 0.5));
        await Rows.AddVideoAsync(index);
        await using var db = Rows.Open();

        var drawn = await Reader(db).SampleDistancesAsync(Scope(index), ColourVectors.Of("red"), 1, 100, CancellationToken.None);

        Assert.Equal(100, drawn.Count);
        Assert.All(drawn, row => Assert.Equal((video.Id, 0.1), (row.VideoId, Math.Round(row.Distance, 3))));
    }

    private async Task<List<SampledDistance>> DrawAsync(VideoIndex index, string source, int videos = 20)
    {
        await using var db = Rows.Open();
        return await Reader(db)
            .SampleSegmentDistancesAsync(Scope(index), source, ColourVectors.Of("red"), videos, 100, CancellationToken.None);
    }

    private static SearchScope Scope(VideoIndex index) => new(index.Id, VideoFilter.None);

    private ClipReader Reader(Data.VideoDbContext db)
        => new(new SnapshotConnections(db), Options.Create(new VideoSearchOptions()), _samples);
}
