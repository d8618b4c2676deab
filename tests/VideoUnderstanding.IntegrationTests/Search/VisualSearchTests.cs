using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.IntegrationTests.Search;

public sealed class VisualSearchTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Fact]
    public async Task Two_appearances_are_two_moments_in_whole_seconds()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddFramesAsync(video, (20, "green", 0.9), (8, "red", 0.9), (10, "green", 0.9), (3, "red", 0.8), (20, "green", 0.9));
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (60, "blue", 0.9));

        var clips = await FindAsync(index, "red");

        Assert.Equal([(video.Id, 20, 28), (video.Id, 38, 41)], clips.Select(clip => (clip.VideoId, (int)clip.Start, (int)clip.End)));
        Assert.Equal(90, clips[0].Score, 0.1);
        Assert.Equal(80, clips[1].Score, 0.1);
        Assert.Equal([new OptionMatch("visual", clips[0].Score, null)], clips[0].Matches);
    }

    [Fact]
    public async Task Unfinished_videos_and_other_indexes_are_not_searched()
    {
        var (index, other) = (await Rows.AddIndexAsync(), await Rows.AddIndexAsync());
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index, finished: false), (10, "red", 0.9));
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(other), (10, "red", 0.9));

        Assert.Empty(await FindAsync(index, "red", MatchLevel.None));
    }

    [Fact]
    public async Task Clips_without_a_match_are_returned_only_without_a_threshold()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (30, "green", 0.9));

        Assert.Empty(await FindAsync(index, "red"));
        Assert.Equal(MatchLevel.None, MatchLevels.Of(Assert.Single(await FindAsync(index, "red", MatchLevel.None)).Score));
    }

    [Theory]
    [InlineData(MatchLevel.High, 1)]
    [InlineData(MatchLevel.Medium, 2)]
    [InlineData(MatchLevel.Low, 3)]
    public async Task The_threshold_filters_by_level(MatchLevel threshold, int clips)
    {
        var index = await Rows.AddIndexAsync();
        foreach (var cosine in new[] { 0.9, 0.78, 0.6 })
            await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (20, "green", 0.9), (10, "red", cosine));

        Assert.Equal(clips, (await FindAsync(index, "red", threshold)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_matching_video_is_found_exactly_and_through_the_vector_index(bool isLarge)
    {
        var index = await Rows.AddIndexAsync();
        var videos = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            var video = await Rows.AddVideoAsync(index);
            videos.Add(video.Id);
            await Rows.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.9));
        }
        if (isLarge)
            await Rows.SeparateAsync(index);
        await using var db = Rows.Open();

        // One fetch returns frames of a few videos only. The search continues until all videos are found.
        var found = await db.Search(new VideoSearchOptions { CandidateVectors = 200 })
            .FindAsync(new SearchQuery(index.Id, new TextQuery("red", ["visual"])), CancellationToken.None);

        Assert.Equal(videos.Order(), found.Select(clip => clip.VideoId).Order());
        Assert.All(found, clip => Assert.Equal((20, 25), (clip.Start, clip.End)));
    }

    [Fact]
    public async Task The_partial_curve_of_a_long_video_has_the_moments_of_the_whole_curve()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index, row => row.Duration = 900);
        // Two short moments with a large distance, and one that is longer than the range that is read around a hit.
        await Rows.AddFramesAsync(video, (150, "green", 0.9), (8, "red", 0.9), (300, "blue", 0.9), (5, "red", 0.85), (60, "green", 0.9),
            (200, "red", 0.8), (177, "green", 0.9));
        await using var db = Rows.Open();
        var reader = new ClipReader(new SnapshotConnections(db), Options.Create(new VideoSearchOptions()));
        var scope = new SearchScope(index.Id, VideoFilter.None);
        var (query, background) = (ColourVectors.Of("red"), new IndexBackground(0.1, 5));
        IReadOnlyList<(double, double)> Moments(IReadOnlyList<CurveFrame> frames)
            => [.. VisualFragments.FindMoments(frames, background).Select(moment => (moment.Start, moment.End))];
        var curve = new PartialCurve(new NearVideo(video.Id, 900, [154, 460, 640]));
        async Task ReadAsync(IEnumerable<(CurveStretch Stretch, int Position)> wanted)
        {
            var parts = wanted.ToList();
            await foreach (var (number, frames) in reader.CurvesOfAsync(scope, query, [.. parts.Select(part => part.Stretch)],
                CancellationToken.None))
                curve.Set(parts[number].Position, frames);
        }
        var whole = Assert.Single(await reader.CurvesAsync(scope, query, CancellationToken.None).ToListAsync()).Frames;
        Assert.Equal([(150, 158), (458, 463), (523, 723)], Moments(whole));

        await ReadAsync(curve.Stretches);
        Assert.True(curve.Frames.Count < whole.Length / 2);
        // Only the sampled ranges at the ends of the long moment are read in full.
        var refined = curve.Refine(VisualFragments.FindMoments(curve.Frames, background));
        Assert.InRange(refined.Count, 1, 6);
        await ReadAsync(refined);
        Assert.Equal(Moments(whole), Moments(curve.Frames));
        Assert.True(curve.Frames.Count < whole.Length * 2 / 3);
        Assert.Empty(curve.Refine(VisualFragments.FindMoments(curve.Frames, background)));
    }

    [Fact]
    public async Task A_filter_limits_the_videos_and_does_not_change_the_moments()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index, custom: """{"year": 2021, "needs_review": true, "place": "harbour"}""",
            change: row => row.Title = "Tug");
        await Rows.AddFramesAsync(video, (20, "green", 0.9), (8, "red", 0.7), (32, "green", 0.9));
        for (var i = 0; i < 5; i++)
            await Rows.AddFramesAsync(await Rows.AddVideoAsync(index, custom: """{"year": "2021", "needs_review": "true"}"""),
                (20, "red", 0.9), (40, "green", 0.9));
        var plain = (await FindAsync(index, "red")).Single(clip => clip.VideoId == video.Id);

        FilterCondition[] conditions =
        [
            new VideoIsOneOf([video.Id, "ffffffffffffffffffffffff"]), new FieldEquals("year", 2021.0),
            new FieldEquals("needs_review", true), new FieldEquals("place", "harbour"),
            new FieldEquals("title", "Tug"), new NumberBetween("year", 2021, 2021),
        ];
        foreach (var condition in conditions)
        {
            var clip = Assert.Single(await FindAsync(index, "red", filter: new VideoFilter([condition])));
            Assert.Equal((plain.VideoId, plain.Start, plain.End, plain.Score), (clip.VideoId, clip.Start, clip.End, clip.Score));
        }
    }

    [Theory]
    [InlineData("duration", 810.0, true)]
    [InlineData("duration", 810.84, true)]
    [InlineData("duration", 811.0, false)]
    [InlineData("width", 1280.0, true)]
    [InlineData("height", 360.0, false)]
    [InlineData("fps", 29.97, true)]
    [InlineData("size", 5_000_000_000.0, true)]
    public async Task Technical_fields_are_filtered_by_value_and_by_range(string field, double value, bool matches)
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index,
            row => (row.Duration, row.Width, row.Height, row.FramesPerSecond, row.Size) = (810.84, 1280, 720, 29.97, 5_000_000_000));
        await Rows.AddFramesAsync(video, (10, "red", 0.9));

        Assert.Equal(matches, (await FindAsync(index, "red", filter: new VideoFilter([new FieldEquals(field, value)]))).Count == 1);
        Assert.Single(await FindAsync(index, "red", filter: new VideoFilter([new NumberBetween(field, 1, 6e9)])));
        Assert.Empty(await FindAsync(index, "red", filter: new VideoFilter([new NumberBetween(field, 6e9, null)])));
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(
        VideoIndex index, string text, MatchLevel threshold = MatchLevel.Low, VideoFilter? filter = null)
    {
        await using var db = Rows.Open();
        return await db.Search()
            .FindAsync(new SearchQuery(index.Id, new TextQuery(text, [IndexOptions.Visual]), Threshold: threshold, Filter: filter),
                CancellationToken.None);
    }
}
