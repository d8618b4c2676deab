using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Scoring;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>Searches in screen text.</summary>
public sealed class ScreenTextSearchTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private TestDatabase Rows => database.Rows;

    [Theory]
    [InlineData("CAM 02", FixedScores.Exact)]
    [InlineData("cam02", FixedScores.Exact)]
    [InlineData("HARB0UR CONTROL", FixedScores.Loose)]
    [InlineData("harbor control", FixedScores.Loose)]
    public async Task Screen_text_is_found_exactly_or_with_wrong_letters(string text, double score)
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Screen, (3, 9, "CAM 02"), (12, 20, "Harbour control"), (30, 40, "NO ENTRY"));

        var clip = Assert.Single(await FindAsync(index, new TextQuery(text, [IndexOptions.TextInVideo])));

        Assert.Equal(score, clip.Score);
        Assert.Equal("text_in_video", clip.Matches[0].Option);
        Assert.Equal(text.StartsWith("HARB", StringComparison.OrdinalIgnoreCase) ? 12 : 3, clip.Start);
    }

    [Fact]
    public async Task Screen_text_of_similar_meaning_is_ranked_after_matching_letters()
    {
        var index = await Rows.AddIndexAsync();
        await Rows.AddTextAsync(await Rows.AddVideoAsync(index), TextSource.Screen, (3, 9, "colour: yellow"), (12, 20, "A YELLOW LINE"));
        var clips = await FindAsync(index, new TextQuery("yellow line", [IndexOptions.TextInVideo]));
        Assert.Equal([12, 3], clips.Select(clip => (int)clip.Start));
        Assert.Equal(MatchLevel.Low, MatchLevels.Of(clips[1].Score));
    }

    [Fact]
    public async Task Speech_and_screen_text_are_searched_separately()
    {
        var index = await Rows.AddIndexAsync();
        var video = await Rows.AddVideoAsync(index);
        await Rows.AddTextAsync(video, TextSource.Speech, (1, 2, "spoken words here"));
        await Rows.AddTextAsync(video, TextSource.Screen, (5, 6, "written words here"));
        Assert.Equal(1, Assert.Single(await FindAsync(index, new TextQuery("words here", [IndexOptions.Conversation]))).Start);
        Assert.Equal(1,
            Assert.Single(
                await FindAsync(index, new TextQuery("words here", [IndexOptions.Conversation], ConversationMatching.ExactMatch))).Start);
        Assert.Equal(5, Assert.Single(await FindAsync(index, new TextQuery("words here", [IndexOptions.TextInVideo]))).Start);
    }

    private async Task<IReadOnlyList<ClipMatch>> FindAsync(VideoIndex index, TextQuery query)
    {
        await using var db = Rows.Open();
        return await db.Search().FindAsync(new SearchQuery(index.Id, query), CancellationToken.None);
    }
}
