using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Scores relative to generic captions on the same frames and sentences, with real rows.</summary>
public sealed class ConfidenceTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_match_above_generic_captions_has_a_high_score(bool isLarge)
    {
        var index = await Rows.AddIndexAsync();
        for (var i = 0; i < 6; i++)
            await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (20, "green", 0.9), (6, i == 0 ? "red" : "blue", 0.9));

        if (isLarge)
            await Rows.SeparateAsync(index);
        var red = Assert.Single(await FindAsync(index, "red"), clip => MatchLevels.Of(clip.Score) == MatchLevel.High);

        Assert.Equal((20, 26), ((int)red.Start, (int)red.End));
    }

    [Fact]
    public async Task A_moment_of_the_only_video_of_an_index_is_found()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (30, "red", 0.9));

        Assert.Equal(MatchLevel.High, MatchLevels.Of(Assert.Single(await FindAsync(index, "red")).Score));
    }

    [Fact]
    public async Task A_query_that_matches_no_better_than_the_captions_finds_nothing()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddFramesAsync(await Rows.AddVideoAsync(index), (30, "red", 0.9));

        // Half of the captions name colours. On a red frame a query for three other colours is no better than these captions.
        Assert.Empty(await FindAsync(index, "green blue yellow"));
    }

    [Fact]
    public async Task Spoken_text_is_compared_with_the_captions_in_the_same_way()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Speech, (0, 2, "colour: red"), (3, 5, "colour: blue"), (6, 8, "colour: green"));
        await using var db = Rows.Open();

        var evidence = await db.Search(vectors: new MeasuredColours())
            .EvidenceAsync(index.Id, "scarlet red", EvidenceRole.Speech, CancellationToken.None);

        Assert.Equal(3, evidence.Count);
        Assert.Equal("colour: red", evidence.MaxBy(fragment => fragment.Evidence!.NormalizedScore)!.Text);
        Assert.All(evidence, fragment => Assert.True(fragment.Evidence!.Spread > 0));
    }

    [Fact]
    public async Task A_video_that_is_deleted_during_a_search_is_still_found_by_that_search()
    {
        var index = await Rows.AddIndexAsync();
        var (stays, goes) = (await Rows.AddVideoAsync(index), await Rows.AddVideoAsync(index));
        foreach (var video in new[] { stays, goes })
            await Rows.AddFramesAsync(video, (20, "green", 0.9), (6, "red", 0.9));
        // The captions are requested after the moments are found and before their frames are read again.
        var vectors = new MeasuredColours(async () =>
        {
            await using var other = Rows.Open();
            await other.Frames.Where(frame => frame.VideoId == goes.Id).ExecuteDeleteAsync();
        });
        await using var db = Rows.Open();

        var found = await db.Search(vectors: vectors)
            .FindAsync(new SearchQuery(index.Id, new TextQuery("red", [IndexOptions.Visual])), CancellationToken.None);

        Assert.Equal(new[] { stays.Id, goes.Id }.Order(), found.Select(clip => clip.VideoId).Distinct().Order());
        Assert.Equal([stays.Id], (await FindAsync(index, "red")).Select(clip => clip.VideoId).Distinct());
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index, string text)
    {
        await using var db = Rows.Open();
        var search = db.Search(vectors: new MeasuredColours());
        return await search.FindAsync(new SearchQuery(index.Id, new TextQuery(text, [IndexOptions.Visual])), CancellationToken.None);
    }

    /// <summary>Colour vectors with a bank of captions. Half of the captions name a colour.</summary>
    /// <param name="onBank">Runs when the captions are requested.</param>
    private sealed class MeasuredColours(Func<Task>? onBank = null) : IQueryVectors
    {
        private static readonly string[] Captions = ["red", "green", "blue", "yellow", "white", "black", "one", "two", "three", "four",
            "five", "six"];

        public ScoreMap ScoresOf(EvidenceRole role)
            => new(null, new ScoreCurve([new(0, 0), new(1, 40), new(2, 73), new(2.4, 83), new(6, 98)]));

        public async Task<CaptionBank> BankOfAsync(EvidenceRole role, CancellationToken cancellationToken)
        {
            await (onBank?.Invoke() ?? Task.CompletedTask);
            return new CaptionBank([.. Captions.Select(ColourVectors.Of)]);
        }

        public Task<float[]> ForFramesAsync(string text, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(text));

        public Task<float[]> ForTextAsync(string text, CancellationToken cancellationToken) => Task.FromResult(ColourVectors.Of(text));

        public Task<float[]> ForPictureAsync(Frame picture, CancellationToken cancellationToken)
            => Task.FromResult(ColourVectors.Of(picture));
    }
}
