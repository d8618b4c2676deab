using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Search;

public sealed class DeletionDuringSearchTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private const int Videos = 24;
    private const int Searchers = 3;

    [Theory]
    [InlineData("visual")]
    [InlineData("conversation")]
    [InlineData("both")]
    public async Task A_search_that_runs_meanwhile_does_not_fail_and_one_that_comes_after_shows_nothing_of_it(string option)
    {
        var server = fixture.Server;
        var (index, videos) = (await server.AddIndexAsync(), new List<string>());
        for (var number = 0; number < Videos; number++)
        {
            var (video, _) = await server.AddVideoAsync(index);
            await server.Database.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.9), (20, "green", 0.9));
            await server.Database.AddTextAsync(video, TextSource.Speech, (20, 24, "red and red"));
            videos.Add(video.Id);
        }
        var (gone, shown, stop) = (new ConcurrentDictionary<string, long>(), 0, false);
        string[] options = option == "both" ? ["visual", "conversation"] : [option];
        var searching = Enumerable.Range(0, Searchers).Select(_ => Task.Run(async () =>
        {
            using var client = server.CreateClient();
            while (!Volatile.Read(ref stop))
            {
                var begin = TimeProvider.System.GetTimestamp();
                var answer = await client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = options, page_limit = 50 }).JsonAsync();
                foreach (var clip in answer.Data())
                {
                    Interlocked.Increment(ref shown);
                    Assert.False(gone.TryGetValue(clip.GetProperty("video_id").GetString()!, out var since) && since < begin, "A deleted video was found.");
                }
            }
        })).ToList();

        using var deleting = server.CreateClient();
        foreach (var video in videos)
        {
            await deleting.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video}").EmptyAsync(HttpStatusCode.NoContent);
            gone[video] = TimeProvider.System.GetTimestamp();
        }
        Volatile.Write(ref stop, true);
        await Task.WhenAll(searching);

        Assert.True(shown > 0, "The searches came too late to see anything.");
        Assert.Empty((await deleting.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = options }).JsonAsync()).Data());
    }
}
