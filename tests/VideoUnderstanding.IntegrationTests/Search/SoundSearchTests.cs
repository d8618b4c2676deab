using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.Search.Sound;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Sound moments as part of the option visual. A text that contains "bark" selects class 70, and class 69 with a lower
/// weight.</summary>
public sealed class SoundSearchTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TestDatabase Rows => database.Rows;

    [Fact]
    public async Task A_sound_is_found_as_a_visual_clip_in_whole_seconds()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await AddAsync(video, (10.2, 12.4, 70, 0.9f), (30, 31, 5, 0.99f));

        var clip = Assert.Single(await FindAsync(index, "a bark"));

        Assert.Equal((video.Id, 10, 12), (clip.VideoId, (int)clip.Start, (int)clip.End));
        Assert.Equal([new OptionMatch("visual", 90, null)], clip.Matches);
    }

    [Fact]
    public async Task A_text_that_selects_no_sound_class_finds_none()
    {
        var index = await Rows.AddIndexAsync();
        await AddAsync(await Rows.AddVideoAsync(index), (10, 12, 70, 0.9f));

        Assert.Empty(await FindAsync(index, "red", MatchLevel.None));
    }

    [Fact]
    public async Task The_weight_of_a_class_lowers_its_score_and_the_best_class_counts()
    {
        var index = await Rows.AddIndexAsync();
        var (near, far) = (await Rows.AddVideoAsync(index), await Rows.AddVideoAsync(index));
        await AddAsync(near, (10, 12, 70, 0.8f));
        await AddAsync(far, (10, 12, 69, 0.8f));

        Assert.Equal([(near.Id, 80.0), (far.Id, 60.0)], (await FindAsync(index, "a bark"))
            .Select(clip => (clip.VideoId, Math.Round(clip.Score, 1))));
    }

    [Fact]
    public async Task A_picture_and_a_sound_at_the_same_time_are_one_clip_and_a_longer_picture_is_separate()
    {
        var index = await Rows.AddIndexAsync();
        var (same, longer) = (await Rows.AddVideoAsync(index), await Rows.AddVideoAsync(index));
        await Rows.AddFramesAsync(same, (10, "green", 0.9), (4, "red", 0.8), (20, "green", 0.9));
        await AddAsync(same, (10, 14, 70, 0.95f));
        await Rows.AddFramesAsync(longer, (10, "green", 0.9), (30, "red", 0.8), (20, "green", 0.9));
        await AddAsync(longer, (12, 14, 70, 0.9f));

        var clips = await FindAsync(index, "a red bark");

        Assert.Equal([(same.Id, 10, 14), (longer.Id, 12, 14), (longer.Id, 10, 40)],
            clips.Select(clip => (clip.VideoId, (int)clip.Start, (int)clip.End)));
    }

    [Fact]
    public async Task The_curve_of_a_hit_has_the_higher_score_of_picture_and_sound()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddFramesAsync(video, (18, "green", 0.9), (4, "red", 0.8), (20, "green", 0.9));
        await AddAsync(video, (20, 24, 70, 0.9f), (28, 30, 69, 0.8f), (34, 36, 5, 0.99f));
        await using var db = Rows.Open();

        var curve = Assert.Single(await db.Search(vectors: new BarkingColours()).CurvesAsync(
            index.Id, "a red bark", [new(video.Id, 20, 24)], Cancel));

        double[] expected = [.. Enumerable.Range(10, 24).Select(second => second switch
        {
            >= 18 and < 20 => 80.0, >= 20 and < 24 => 90, 28 or 29 => 60, _ => 0,
        })];
        Assert.Equal((10, 0.5, 48), (curve.From, curve.Step, curve.Scores.Count));
        Assert.All(curve.Scores, (score, i) => Assert.Equal(expected[i / 2], score!.Value, 0.1));
    }

    [Fact]
    public async Task Unfinished_videos_other_indexes_and_filtered_videos_are_not_searched()
    {
        var (index, other) = (await Rows.AddIndexAsync(), await Rows.AddIndexAsync());
        await AddAsync(await Rows.AddVideoAsync(index, finished: false), (10, 12, 70, 0.9f));
        await AddAsync(await Rows.AddVideoAsync(other), (10, 12, 70, 0.9f));
        var (small, large) = (await Rows.AddVideoAsync(index, video => video.Width = 320), await Rows.AddVideoAsync(index));
        await AddAsync(small, (10, 12, 70, 0.9f));
        await AddAsync(large, (10, 12, 70, 0.9f));

        Assert.Equal([large.Id], (await FindAsync(index, "a bark", filter: new VideoFilter([new VideoIsOneOf([large.Id])])))
            .Select(clip => clip.VideoId));
        Assert.Equal(2, (await FindAsync(index, "a bark")).Count);
    }

    [Fact]
    public async Task A_combined_query_joins_a_picture_and_a_sound()
    {
        var index = await Rows.AddIndexAsync();
        var (both, apart) = (await Rows.AddVideoAsync(index), await Rows.AddVideoAsync(index));
        await Rows.AddFramesAsync(both, (10, "green", 0.9), (10, "red", 0.9), (10, "green", 0.9));
        await AddAsync(both, (12, 14, 70, 0.9f));
        await Rows.AddFramesAsync(apart, (10, "green", 0.9), (10, "red", 0.9), (10, "green", 0.9));
        await AddAsync(apart, (25, 27, 70, 0.9f));
        await using var db = Rows.Open();

        var found = await db.Search(vectors: new BarkingColours())
            .FindAsync(new CombinedSearchQuery(index.Id, new JoinQuery(JoinKind.And, [Leaf("red"), Leaf("a bark")], 0)), Cancel);

        Assert.Equal([both.Id], found.Select(clip => clip.VideoId));
    }

    [Fact]
    public async Task The_moments_of_a_class_are_found_through_an_index()
    {
        var index = await Rows.AddIndexAsync();
        await AddAsync(await Rows.AddVideoAsync(index), [.. Enumerable.Range(0, 500).Select(i => ((double)i, i + 1.0, i % 100, 0.9f))]);
        await using var db = Rows.Open();

        var plan = await db.PlanAsync(
            SoundQueries.MomentsOf(new SearchScope(index.Id, VideoFilter.None), [new WeightedSoundClass(70, 1)], 10),
            "SET LOCAL enable_seqscan = off; ANALYZE sound_moments");

        Assert.Contains("sound_moments", plan);
        Assert.DoesNotContain("Seq Scan on sound_moments", plan);
    }

    [Fact]
    public async Task The_moments_are_deleted_with_their_video()
    {
        var video = await Rows.AddVideoAsync(await Rows.AddIndexAsync());
        await AddAsync(video, (10, 12, 70, 0.9f));
        await using var db = Rows.Open();

        await using var transaction = await db.Database.BeginTransactionAsync(Cancel);
        await SearchTableStore.DeleteVideosAsync(db, video.IndexId, [video.Id], Cancel);
        await transaction.CommitAsync(Cancel);

        Assert.False(await db.SoundMoments.AnyAsync(row => row.VideoId == video.Id, Cancel));
    }

    private async Task AddAsync(Video video, params (double Start, double End, int Class, float Score)[] moments)
    {
        await using var db = Rows.Open();
        db.AddRange(moments.Select(moment => new SoundMoment
        {
            IndexId = video.IndexId, VideoId = video.Id, Start = moment.Start, End = moment.End, Classes = [(short)moment.Class],
                Scores = [moment.Score],
        }));
        await db.SaveChangesAsync(Cancel);
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index, string text, MatchLevel threshold = MatchLevel.Low,
        VideoFilter? filter = null)
    {
        await using var db = Rows.Open();
        return await db.Search(vectors: new BarkingColours())
            .FindAsync(new SearchQuery(index.Id, new TextQuery(text, [IndexOptions.Visual]), Threshold: threshold, Filter: filter), Cancel);
    }

    private static LeafQuery Leaf(string text) => new(new TextQuery(text, [IndexOptions.Visual]));

    private sealed class BarkingColours : IQueryVectors
    {
        private readonly ColourVectors _colours = new();

        public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken)
            => _colours.ForFramesAsync(text, cancellationToken);

        public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken)
            => _colours.ForTextAsync(text, cancellationToken);

        public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
            => _colours.ForPictureAsync(picture, cancellationToken);

        public ScoreMap ScoresOf(EvidenceRole role) => ColourVectors.Scores;

        public Task<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>> SoundClassesOfAsync(IReadOnlyList<string> texts,
            CancellationToken cancellationToken)
            => Task.FromResult<IReadOnlyList<IReadOnlyList<WeightedSoundClass>>>(
                [.. texts.Select(text => text.Contains("bark")
                    ? new[] { new WeightedSoundClass(70, 1), new WeightedSoundClass(69, 0.75f) }
                    : [])]);
    }
}
