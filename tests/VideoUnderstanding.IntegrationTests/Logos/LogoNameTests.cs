using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Filters;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.IntegrationTests.Logos;

/// <summary>Brand names in screen text.</summary>
public sealed class LogoNameTests(SearchServer fixture) : IClassFixture<SearchServer>, IAsyncLifetime
{
    private readonly HttpClient _client = fixture.Server.CreateClient();

    private TestServer Server => fixture.Server;

    public async ValueTask InitializeAsync() => await _client.RemoveLogosAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Brand_names_in_screen_text_have_the_score_of_exact_matches()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null);
        await Server.AddLinesAsync(video, (3.4, 7.6, "VOLVO SERVICE"), (8.2, 9, "open at noon"), (9.5, 11, "volvo"), (20, 22, "Volvoland"),
            (30, 32, "DRINK COCA COLA"));

        var clip = Assert.Single(await _client.SearchAsync(index.Id, "volvo"));
        Assert.Equal((3, 11, "Volvo"), clip.TimesAndText());
        Assert.Equal(92.28, clip.GetProperty("score").GetDouble());
        Assert.Equal((30, 32, "Coca-Cola"), Assert.Single(await _client.SearchAsync(index.Id, "coca-cola")).TimesAndText());
        Assert.Equal("low", Assert.Single(await _client.SearchAsync(index.Id, "a vollvo")).GetProperty("confidence").GetString());
        Assert.Equal(2, (await _client.SearchAsync(index.Id, "any logo")).Length);
        Assert.Empty(await _client.SearchAsync(index.Id, "noon", "none"));
    }

    [Theory]
    [InlineData("Redstar", "RED STAR LINE", "redstar")]
    [InlineData("Red Star", "the REDSTAR", "red star")]
    [InlineData("Bluewave", "B-L-U-E wave", "bluewave")]
    [InlineData("Città", "CITTÀ", "città")]
    public async Task A_search_and_the_logo_list_find_a_name_that_is_split_or_joined_on_screen(string brand, string line, string text)
    {
        var (index, video) = await Server.AddLogoVideoAsync(null);
        await _client.AddLogoAsync(brand, "green");
        await Server.AddLinesAsync(video, (5.5, 8, line), (20, 21, "something else"));

        Assert.Contains((await _client.LogosOfAsync(video)).Data(), found => found.GetProperty("value").GetString() == brand);
        Assert.Equal((5, 8, brand), Assert.Single(await _client.SearchAsync(index.Id, text)).TimesAndText());
    }

    [Fact]
    public async Task Names_are_found_through_the_trigram_index()
    {
        await using var db = Server.Database.Open();
        // The sequential scan is disabled and the other indexes are dropped. The planner then uses this index if its expression matches.
        var plan = await db.PlanAsync(
            ScreenLineQueries.LinesWith(new SearchScope("index", VideoFilter.None), "redstar", ScreenLine.None, 100), """
                SET LOCAL enable_seqscan = off; DO $$ DECLARE name text; BEGIN
                FOR name IN SELECT indexname FROM pg_indexes WHERE tablename = 'text_segments'
                    AND indexname NOT IN ('pk_text_segments', 'ix_text_segments_joined_words_trigrams') LOOP
                    EXECUTE 'DROP INDEX ' || name; END LOOP; END $$
                """);
        Assert.Contains("ix_text_segments_joined_words_trigrams", plan);
    }

    [Fact]
    public async Task Reading_stops_at_the_requested_number_of_results()
    {
        var (index, first) = await Server.AddLogoVideoAsync(null);
        await Server.AddLinesAsync(first, [.. Enumerable.Range(0, 4).Select(i => (i * 20.0, i * 20.0 + 2, "VOLVO"))]);
        var (second, _) = await Server.AddVideoAsync(index);
        await Server.AddLinesAsync(second, (1, 2, "PEPSI"), (11, 12, "PEPSI"));
        var (third, _) = await Server.AddVideoAsync(index);
        await Server.AddLinesAsync(third, (1, 2, "VOLVO"));
        await using var db = Server.Database.Open();
        var scope = new SearchScope(index.Id, VideoFilter.None);
        async Task<int> FoundAsync(int maximum) => (await db.Logos().FindAsync(scope, "logo", maximum, CancellationToken.None)).Count;

        Assert.Equal((4, 5, 7), (await FoundAsync(4), await FoundAsync(5), await FoundAsync(100)));
    }

    [Fact]
    public async Task Many_lines_are_read_in_batches_without_a_loss()
    {
        var (index, _) = await Server.AddLogoVideoAsync(null);
        await using var db = Server.Database.Open();
        var videos = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var (video, _) = await Server.AddVideoAsync(index);
            videos.Add(video.Id);
            var other = Enumerable.Range(0, 2_100).Select(number => ((double)number, number + 1.0, "nothing at all"));
            await Server.AddLinesAsync(video, [.. other, (3_000, 3_001, "VOLVO")]);
        }

        var found = await db.Logos().FindAsync(new SearchScope(index.Id, VideoFilter.None), "any brand", 1_000, CancellationToken.None);

        Assert.Equal(videos.Order(), found.Select(one => one.VideoId).Order());
    }
}
