using System.Net.Http.Json;
using System.Text.Json;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>A threshold has the same meaning in combined queries as in plain ones. CONTRACT, section 8.</summary>
public sealed class CombinedThresholdTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    [Fact]
    public async Task A_combined_query_of_one_part_gives_the_same_result_as_the_part()
    {
        var server = fixture.Server;
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.Database.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.9), (20, "green", 0.9));
        await server.Database.AddFramesAsync((await server.AddVideoAsync(index)).Video, (30, "green", 0.9));
        using var client = server.CreateClient();
        async Task<string[]> FindAsync(object query, string threshold) => [.. (await client.PostAsJsonAsync(
            "/v1.1/search", new { query, index_id = index.Id, search_options = new[] { "visual" }, threshold }).JsonAsync()).Data()
            .Select(Place)];
        var red = new Dictionary<string, object> { ["text"] = "red" };

        var alone = await FindAsync("red", "none");
        var sure = await FindAsync("red", "low");
        Assert.Equal((2, 1), (alone.Length, sure.Length));
        Assert.Equal(alone, await FindAsync(new Dictionary<string, object> { ["$or"] = new[] { red } }, "none"));
        Assert.Equal(sure, await FindAsync(new Dictionary<string, object> { ["$or"] = new[] { red } }, "low"));
        // Even without a threshold, sub excludes only real matches. Nothing here is white, so all clips remain.
        var not = new Dictionary<string, object> { ["origin"] = red, ["sub"] = new Dictionary<string, object> { ["text"] = "white" } };
        Assert.Equal(alone, await FindAsync(new Dictionary<string, object> { ["$not"] = not }, "none"));
        // A weak part beside a match changes neither its score nor its boundaries.
        var both = await FindAsync(new Dictionary<string, object>
        {
            ["$or"] = new object[] { red, new Dictionary<string, object> { ["text"] = "white" } },
        }, "none");
        Assert.Equal((alone.Length, sure[0]), (both.Length, both[0]));
    }

    private static string Place(JsonElement clip) => $"{clip.GetProperty("start")}-{clip.GetProperty("end")}: {clip.GetProperty("score")}";
}
