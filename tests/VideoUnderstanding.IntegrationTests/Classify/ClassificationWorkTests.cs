using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Classification;

namespace VideoUnderstanding.IntegrationTests.Classify;

/// <summary>The comparisons that a classification plans and performs.</summary>
public sealed class ClassificationWorkTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData(30, 0, 0, "visual")]
    [InlineData(0, 2, 0, "conversation")]
    [InlineData(0, 1, 0, "text_in_video")]
    [InlineData(0, 1, 1, "logo")]
    [InlineData(30, 3, 1, "visual", "conversation", "logo")]
    public async Task A_plan_counts_only_rows_of_the_requested_options(int frames, int segments, int regions, params string[] options)
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddFramesAsync(video, (30, "red", 0.9));
        await Rows.AddTextAsync(video, TextSource.Speech, (0, 1, "one"), (1, 2, "two"));
        await Rows.AddTextAsync(video, TextSource.Screen, (0, 1, "one"));
        await using var db = Rows.Open();
        db.Add(new LogoRegion
        {
            IndexId = index.Id, VideoId = video.Id, Start = 0, End = 1, Left = 0, Top = 0, Width = 1, Height = 1,
            Embedding = ColourVectors.Picture("red", 0.9),
        });
        await db.SaveChangesAsync();

        var plan = await Classification(db, new CountedCaptions()).PlanAsync(Query(index, options), CancellationToken.None);

        Assert.Equal(new PlannedVideo(video.Id, 60.5, frames, segments, regions), Assert.Single(plan.Videos));
    }

    [Fact]
    public async Task Captions_are_compared_only_with_candidates()
    {
        var index = await Rows.AddIndexAsync();
        var labelled = await Rows.AddVideoAsync(index, video => video.Duration = 60);
        await Rows.AddFramesAsync(labelled, (20, "green", 0.9), (40, "red", 0.9));
        for (var i = 0; i < 9; i++)
        {
            var other = await Rows.AddVideoAsync(index);
            await Rows.AddFramesAsync(other, (30, "green", 0.9), (30, "nothing", 0.1));
            await Rows.AddTextAsync(other, TextSource.Speech,
                [.. Enumerable.Range(0, 30)
                    .Select(number => (number * 2.0, number * 2.0 + 1, i + number == 0 ? "colour: red" : "colour: green"))]);
        }
        await using var db = Rows.Open();
        var vectors = new CountedCaptions();
        var classification = Classification(db, vectors);

        var videos = await classification.RunAsync(await classification.PlanAsync(Query(index, "visual"), CancellationToken.None),
            CancellationToken.None);

        var label = Assert.Single(Assert.Single(videos!, video => video.Labels.Count > 0).Labels);
        var clip = Assert.Single(label.Clips!);
        Assert.Equal((20, 60), (clip.Start, clip.End));
        // The index has 600 frames. Few of them are compared with the caption.
        Assert.InRange(vectors.Comparisons, 1, 10);
        // A search finds the same moment with the same score.
        var searched = await db.Search(vectors: vectors)
            .FindAsync(new SearchQuery(index.Id, new TextQuery("red", ["visual"])), CancellationToken.None);
        Assert.Equal((searched[0].Start, searched[0].End, searched[0].Score), (clip.Start, clip.End, clip.Score));

        vectors.Comparisons = 0;
        await classification.RunAsync(await classification.PlanAsync(Query(index, "conversation"), CancellationToken.None),
            CancellationToken.None);
        // There are 270 sentences. Only one matches the prompt; it is compared when it is found and again when it is scored.
        Assert.InRange(vectors.Comparisons, 1, 10);
    }

    private static VideoClassification Classification(VideoDbContext db, IQueryVectors vectors)
        => new(db, vectors, db.Logos(), Options.Create(new ClassificationOptions()), Options.Create(new VideoSearchOptions()));

    private static ClassificationQuery Query(VideoIndex index, params string[] options)
        => new(index.Id, null, [new LabelQuery("red", ["red"], options)], new ClassificationBounds(50), KeepsClips: true);
}
