using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.UnitTests.Search.Combined;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Compares combined queries on an index that exceeds every limit with an exhaustive evaluation of the operators.</summary>
public sealed class CombinedSearchTests(ManyVideos videos) : IClassFixture<ManyVideos>
{
    private readonly Random _random = new(5);

    [Fact]
    public async Task In_a_large_index_the_result_equals_the_exhaustive_one_for_the_candidate_videos()
    {
        await using var db = videos.Rows.Open();
        var (limited, clips) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            var query = RandomJoin(0);
            var candidates = await SeedVideosAsync(db, query, OptionOperator.Or);
            await AssertSameAsync(query, candidates, await FindAsync(db, query, ManyVideos.Few));
            limited += candidates.Count < videos.Videos.Count ? 1 : 0;
            clips += (await FindAsync(db, query, ManyVideos.Few)).Count;
        }
        Assert.True(limited > 50 && clips > 100, $"{limited} of 60 rounds were limited, {clips} clips");
    }

    [Fact]
    public async Task With_a_selective_filter_the_result_equals_the_exhaustive_one()
    {
        await using var db = videos.Rows.Open();
        // ExactVectors has its default, so all rows are compared. The limits for single texts are low.
        var options = new VideoSearchOptions { CandidateVideos = 6, CandidateSegments = 8 };
        for (var round = 0; round < 15; round++)
        {
            var query = RandomJoin(0);
            var all = new CombinedSearchQuery(videos.Index.Id, query, Filter: new VideoFilter([new NumberBetween("duration", 1, null)]));
            await AssertSameAsync(query, videos.Videos, await db.Search(options).FindAsync(all, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Excluded_matches_are_excluded_in_every_video()
    {
        await using var db = videos.Rows.Open();
        foreach (var origin in videos.Texts)
            foreach (var sub in videos.Texts.Where(text => text != origin))
            {
                // With this distance, a video with a match of both parts has no clip.
                var query = new NotQuery(new LeafQuery(origin), new LeafQuery(sub), 1_000);
                foreach (var clip in await FindAsync(db, query, ManyVideos.Few))
                    Assert.Empty(await videos.OfVideoAsync(sub, clip.VideoId));
            }
    }

    [Theory]
    [InlineData(JoinKind.And, 1_000)]
    [InlineData(JoinKind.Then, 0)]
    public async Task A_rare_part_is_joined_with_a_common_one_in_every_video(JoinKind kind, double adjacency)
    {
        await using var db = videos.Rows.Open();
        string[] rare = [videos.Videos[3], videos.Videos[17], videos.Videos[31]];
        var words = $"berth {(kind == JoinKind.And ? "four" : "five")}";
        foreach (var video in rare)
            db.Add(new TextSegment
            {
                IndexId = videos.Index.Id, VideoId = video, Source = TextSource.Speech, Number = kind == JoinKind.And ? 100 : 101,
                Start = 0, End = 1, Text = words, Language = "en",
                Embedding = ColourVectors.Picture("nothing", 0),
            });
        await db.SaveChangesAsync();
        await videos.Rows.AddToOwnAsync(videos.Index);
        LeafQuery said = new(new TextQuery(words, [IndexOptions.Conversation], ConversationMatching.ExactMatch)),
            seen = new(new TextQuery("red", [IndexOptions.Visual]));
        var expected = new List<string>();
        foreach (var video in rare)
            if ((await videos.OfVideoAsync(videos.Texts.Single(text => text is { Text: "red", Options: ["visual"] }), video)).Count > 0)
                expected.Add(video);
        Assert.NotEmpty(expected);

        // The speech is at the very beginning, so $then needs it as the first part. $and with a large distance accepts any
        // order.
        foreach (CombinedQuery[] parts in kind == JoinKind.And ? new CombinedQuery[][] { [said, seen], [seen, said] } : [[said, seen]])
            Assert.Equal(expected.Order(),
                (await FindAsync(db, new JoinQuery(kind, parts, adjacency), ManyVideos.Few)).Select(clip => clip.VideoId).Distinct()
                    .Order());
    }

    [Theory]
    [InlineData("visual", "conversation")]
    [InlineData("visual", "text_in_video")]
    [InlineData("conversation", "text_in_video", "visual")]
    public async Task All_options_of_a_text_are_searched_in_the_videos_of_the_most_selective_option(params string[] options)
    {
        await using var db = videos.Rows.Open();
        var clips = 0;
        foreach (var colour in new[] { "red", "green", "blue" })
        {
            var text = new TextQuery(colour, options);
            var candidates = await SeedVideosAsync(db, new LeafQuery(text), OptionOperator.And);
            Assert.True(candidates.Count < videos.Videos.Count);
            // Clips of each video in which all options agree.
            var expected = new List<ClipMatch>();
            foreach (var video in candidates)
                expected.AddRange((await videos.OfVideoAsync(text, video))
                    .Where(clip => options.All(option => clip.Matches.Any(match => match.Option == option))));

            var found = await db.Search(ManyVideos.Few)
                .FindAsync(new SearchQuery(videos.Index.Id, text, OptionOperator.And), CancellationToken.None);

            Assert.Equal(expected.Select(Fields).Order(), found.Select(Fields).Order());
            clips += found.Count;
        }
        Assert.NotEqual(0, clips);
    }

    [Fact]
    public async Task Videos_beyond_the_row_limit_are_left_out_and_the_others_are_correct()
    {
        await using var db = videos.Rows.Open();
        var query = new JoinQuery(JoinKind.And, [new LeafQuery(Text("red", "conversation")), new LeafQuery(Text("green", "visual"))],
            1_000);
        var options = ManyVideos.Few;
        var all = await SeedVideosAsync(db, query, OptionOperator.Or);
        options.CurveFrames = 60;

        var found = await FindAsync(db, query, options);

        var kept = all.Take(3).ToList();
        Assert.All(found, clip => Assert.Contains(clip.VideoId, kept));
        await AssertSameAsync(query, found.Select(clip => clip.VideoId).Distinct().ToList(), found);
    }

    [Theory]
    [InlineData(JoinKind.And)]
    [InlineData(JoinKind.Or)]
    public async Task Without_a_threshold_a_part_without_a_match_is_weak_in_a_large_index_too(JoinKind kind)
    {
        await using var db = videos.Rows.Open();
        // The index has no black frame.
        var (black, red) = (new TextQuery("black", ["visual"]), Text("red", "visual"));
        var query = new JoinQuery(kind, [new LeafQuery(black), new LeafQuery(kind == JoinKind.And ? red : black)], 1_000);
        var search = db.Search(ManyVideos.Few);

        var found = await search.FindAsync(new CombinedSearchQuery(videos.Index.Id, query, Threshold: MatchLevel.None),
            CancellationToken.None);

        Assert.NotEmpty(
            await search.FindAsync(new SearchQuery(videos.Index.Id, black, Threshold: MatchLevel.None), CancellationToken.None));
        Assert.NotEmpty(found);
        Assert.Empty(await search.FindAsync(new CombinedSearchQuery(videos.Index.Id, query), CancellationToken.None));
    }

    private TextQuery Text(string colour, string option) => videos.Texts.Single(text => text.Text == colour && text.Options[0] == option);

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoDbContext db, CombinedQuery query, VideoSearchOptions options)
        => await db.Search(options).FindAsync(new CombinedSearchQuery(videos.Index.Id, query), CancellationToken.None);

    /// <summary>Returns the videos that the seed texts find within the limits, in order of decreasing score.</summary>
    private async Task<IReadOnlyList<string>> SeedVideosAsync(VideoDbContext db, CombinedQuery query, OptionOperator combine)
    {
        var clips = new List<ClipMatch>();
        foreach (var seed in Seeds.Of(query, combine))
            clips.AddRange(await db.Search(ManyVideos.Few).FindAsync(new SearchQuery(videos.Index.Id, seed), CancellationToken.None));
        return [.. clips.OrderByDescending(clip => clip.Score).Select(clip => clip.VideoId).Distinct()];
    }

    private async Task AssertSameAsync(CombinedQuery query, IReadOnlyList<string> candidates, IReadOnlyList<ClipMatch> found)
    {
        Assert.All(found, clip => Assert.Contains(clip.VideoId, candidates));
        foreach (var video in candidates)
        {
            var clips = new Dictionary<TextQuery, IReadOnlyList<ClipMatch>>(ReferenceEqualityComparer.Instance);
            foreach (var leaf in query.Leaves().Distinct())
                clips[leaf] = await videos.OfVideoAsync(leaf, video);
            var expected = NaiveEvaluation.Evaluate(query, leaf => clips[leaf]);
            var own = found.Where(clip => clip.VideoId == video).Select(clip => (clip.Start, clip.End, clip.Score)).Order().ToList();
            Assert.Equal(expected.Select(clip => (clip.Start, clip.End)), own.Select(clip => (clip.Start, clip.End)));
            // A different order of sums may change the rounding to hundredths on each level.
            Assert.All(expected.Zip(own), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 0.03));
        }
    }

    private static (string, double, double, double) Fields(ClipMatch clip) => (clip.VideoId, clip.Start, clip.End, clip.Score);

    private CombinedQuery RandomJoin(int level)
    {
        if (level > 0 && (level == 2 || _random.Next(2) == 0))
            return new LeafQuery(videos.Texts[_random.Next(videos.Texts.Count)]);
        var adjacency = _random.Next(3) * 1.5;
        return _random.Next(4) == 3
            ? new NotQuery(RandomJoin(level + 1), RandomJoin(level + 1), adjacency)
            : new JoinQuery((JoinKind)_random.Next(3), [.. Enumerable.Range(0, 2).Select(_ => RandomJoin(level + 1))], adjacency);
    }
}
