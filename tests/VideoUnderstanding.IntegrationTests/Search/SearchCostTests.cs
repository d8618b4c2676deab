using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;
using VideoUnderstanding.Search.Combined;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Limits of the cost of one request.</summary>
public sealed class SearchCostTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    /// <summary>Far above the configured limit of one second and far below the default limit.</summary>
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private static readonly VideoSearchOptions OneSecond = new() { StatementSeconds = 1 };

    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData(IndexOptions.Conversation, TextSource.Speech)]
    [InlineData(IndexOptions.TextInVideo, TextSource.Screen)]
    public async Task A_joined_query_compares_captions_only_with_possible_matches(string option, TextSource source)
    {
        var index = await Rows.AddIndexAsync();
        for (var video = 0; video < 9; video++)
        {
            await Rows.AddTextAsync(await Rows.AddVideoAsync(index), source,
                [.. Enumerable.Range(0, 30)
                    .Select(number => (number * 2.0, number * 2.0 + 1, video + number == 0 ? "colour: red" : "colour: green"))]);
        }
        await using var db = Rows.Open();
        var captions = new CountedCaptions();
        var search = db.Search(vectors: captions);
        LeafQuery red = new(new TextQuery("something red", [option])), white = new(new TextQuery("something white", [option]));
        Task<IReadOnlyList<ClipMatch>> FindAsync(MatchLevel threshold)
            => search.FindAsync(new CombinedSearchQuery(index.Id, new JoinQuery(JoinKind.Or, [red, white], 0), Threshold: threshold),
                CancellationToken.None);

        var sure = await FindAsync(MatchLevel.Low);

        // One of 2 x 270 sentences may match.
        Assert.InRange(captions.Comparisons, 1, 10);
        var all = await FindAsync(MatchLevel.None);
        Assert.InRange(captions.Comparisons, 540, 560);
        Assert.NotEmpty(sure);
        Assert.Equal(all.Where(clip => clip.Score >= MatchLevels.Low).Select(Fields), sure.Select(Fields));
    }

    [Fact]
    public async Task Logo_regions_count_towards_the_row_limit()
    {
        var index = await Rows.AddIndexAsync();
        await using var db = Rows.Open();
        db.Add(new Logo
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = index.AccountId, Name = "Acme", Picture = [1], MediaType = "image/png",
            CreatedAt = DateTimeOffset.UnixEpoch, Vectors = [new LogoVector { Model = "", Embedding = ColourVectors.Picture("red", 1) }],
        });
        for (var i = 0; i < 3; i++)
        {
            var video = await Rows.AddVideoAsync(index);
            db.AddRange(Enumerable.Range(0, 10).Select(second => new LogoRegion
            {
                IndexId = index.Id, VideoId = video.Id, Start = second, End = second + 1, Left = 0, Top = 0, Width = 1, Height = 1,
                Embedding = ColourVectors.Picture("red", 0.98),
            }));
        }
        await db.SaveChangesAsync();
        LeafQuery acme = new(new TextQuery("acme", [IndexOptions.Logo]));
        async Task<int> VideosAsync(VideoSearchOptions options)
            => (await db.Search(options)
                .FindAsync(new CombinedSearchQuery(index.Id, new JoinQuery(JoinKind.And, [acme, acme], 0)), CancellationToken.None))
                .DistinctBy(clip => clip.VideoId).Count();

        Assert.Equal(3, await VideosAsync(new VideoSearchOptions { CurveFrames = 15 }));
        await Rows.SeparateAsync(index);
        // In a large index, CurveFrames limits the number of compared rows. Here it permits the rows of one video.
        Assert.Equal(1, await VideosAsync(new VideoSearchOptions { CurveFrames = 15 }));
    }

    [Fact]
    public async Task A_joined_query_ends_at_the_statement_timeout()
    {
        var index = await Rows.AddIndexAsync();
        await using var db = Rows.Open();
        await using var other = Rows.Open();
        var search = db.Search(OneSecond, new CallbackVectors(() => LockTextAsync(other)));
        LeafQuery red = new(new TextQuery("red", [IndexOptions.Conversation]));
        await AssertEndsAsync(
            timeout => search.FindAsync(new CombinedSearchQuery(index.Id, new JoinQuery(JoinKind.Or, [red, red], 0)), timeout));
    }

    [Fact]
    public async Task A_search_for_logos_ends_at_the_statement_timeout()
    {
        var index = await Rows.AddIndexAsync();
        await using var db = Rows.Open();
        await using var other = Rows.Open();
        await LockTextAsync(other);
        await AssertEndsAsync(timeout => db.Logos(OneSecond)
            .FindAsync(new SearchScope(index.Id, VideoFilter.None), "volvo", 10, timeout));
    }

    [Fact]
    public async Task A_classification_ends_at_the_statement_timeout()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 1, "one"));
        await using var db = Rows.Open();
        await using var other = Rows.Open();
        var classification = new VideoClassification(db, new ColourVectors(), db.Logos(OneSecond),
            Options.Create(new ClassificationOptions()), Options.Create(OneSecond));
        var plan = await classification.PlanAsync(
            new(index.Id, null, [new LabelQuery("red", ["red"], [IndexOptions.Conversation])], new ClassificationBounds(50),
                KeepsClips: true), CancellationToken.None);
        await LockTextAsync(other);
        await AssertEndsAsync(timeout => classification.RunAsync(plan, timeout));
    }

    [Fact]
    public async Task A_search_embeds_each_text_once_and_holds_no_connection_meanwhile()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Speech, (0, 1, "colour: red"));
        await using var db = Rows.Open();
        var embedded = 0;
        var search = db.Search(vectors: new CallbackVectors(() =>
        {
            embedded++;
            Assert.Null(db.Database.CurrentTransaction);
            Assert.Equal(System.Data.ConnectionState.Closed, db.Database.GetDbConnection().State);
            return Task.CompletedTask;
        }));

        var found = await search.FindAsync(new SearchQuery(index.Id,
            new TextQuery("red", [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo])), CancellationToken.None);

        Assert.Single(found);
        // Once as a caption of pictures and once as a sentence.
        Assert.Equal(2, embedded);
    }

    private static async Task AssertEndsAsync<T>(Func<CancellationToken, Task<T>> work)
    {
        using var timeout = new CancellationTokenSource(TimeLimit);
        var failure = await Assert.ThrowsAsync<NpgsqlException>(() => work(timeout.Token));
        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    /// <summary>Locks the text table against readers until the context is disposed.</summary>
    private static async Task LockTextAsync(Data.VideoDbContext db)
    {
        await db.Database.BeginTransactionAsync();
        await db.Database.ExecuteSqlRawAsync("LOCK TABLE text_segments IN ACCESS EXCLUSIVE MODE");
    }

    private static (string, double, double, double) Fields(ClipMatch clip) => (clip.VideoId, clip.Start, clip.End, clip.Score);

    /// <summary>Colour vectors with a callback that runs before a text is embedded.</summary>
    private sealed class CallbackVectors(Func<Task> before) : IQueryVectors
    {
        public ScoreMap ScoresOf(EvidenceRole role) => ColourVectors.Scores;

        public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => ForTextAsync(text, cancellationToken);

        public async Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken)
        {
            await before();
            return ColourVectors.Of(text);
        }

        public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
            => Task.FromResult(ColourVectors.Of(picture));
    }
}
