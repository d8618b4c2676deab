using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
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
    public async Task A_search_during_a_deletion_succeeds_and_a_later_one_does_not_find_the_video(string option)
    {
        var server = fixture.Server;
        var index = await server.AddIndexAsync();
        var videos = await AddVideosAsync(server, index);
        var (gone, shown, stop) = (new ConcurrentDictionary<string, long>(), 0, false);
        string[] options = option == "both" ? ["visual", "conversation"] : [option];
        var searching = Enumerable.Range(0, Searchers).Select(_ => Task.Run(async () =>
        {
            using var client = server.CreateClient();
            while (!Volatile.Read(ref stop))
            {
                var begin = TimeProvider.System.GetTimestamp();
                var answer = await client.PostAsJsonAsync("/v1.1/search",
                    new { query = "red", index_id = index.Id, search_options = options, page_limit = 50 }).JsonAsync();
                foreach (var clip in answer.Data())
                {
                    Interlocked.Increment(ref shown);
                    Assert.False(gone.TryGetValue(clip.GetProperty("video_id").GetString()!, out var since) && since < begin,
                        "A deleted video was found.");
                }
            }
        })).ToList();

        using var deleting = server.CreateClient();
        // Ensures that a search returns clips before the videos are deleted.
        while (Volatile.Read(ref shown) == 0 && !searching.Any(task => task.IsFaulted))
            await Task.Delay(20);
        foreach (var video in videos)
        {
            await deleting.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video}").EmptyAsync(HttpStatusCode.NoContent);
            gone[video] = TimeProvider.System.GetTimestamp();
        }
        Volatile.Write(ref stop, true);
        await Task.WhenAll(searching);

        Assert.Empty(
            (await deleting.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = options })
                .JsonAsync()).Data());
    }

    [Fact]
    public async Task Deleting_an_index_with_its_own_tables_drops_them_and_does_not_affect_other_searches()
    {
        var server = fixture.Server;
        var (kept, gone) = (await server.AddIndexAsync(), await server.AddIndexAsync());
        foreach (var index in new[] { kept, gone })
        {
            await AddVideosAsync(server, index);
            await server.Database.SeparateAsync(index);
        }
        var (found, stop) = (0, false);
        var searching = Enumerable.Range(0, Searchers).Select(_ => Task.Run(async () =>
        {
            using var client = server.CreateClient();
            while (!Volatile.Read(ref stop))
            {
                Assert.NotEmpty((await client.PostAsJsonAsync("/v1.1/search",
                    new { query = "red", index_id = kept.Id, search_options = new[] { "visual" } }).JsonAsync()).Data());
                Interlocked.Increment(ref found);
                // The answer is a list of clips before the deletion and an error of the client after it, but never an error of the server.
                using var answer = await client.PostAsJsonAsync("/v1.1/search",
                    new { query = "red", index_id = gone.Id, search_options = new[] { "visual" } });
                Assert.InRange((int)answer.StatusCode, 200, 499);
            }
        })).ToList();

        using var deleting = server.CreateClient();
        while (Volatile.Read(ref found) < Searchers && !searching.Any(task => task.IsFaulted))
            await Task.Delay(20);
        await deleting.DeleteAsync($"/v1.1/indexes/{gone.Id}").EmptyAsync(HttpStatusCode.NoContent);
        Volatile.Write(ref stop, true);
        await Task.WhenAll(searching);

        await using var db = server.Database.Open();
        // If the removal had to wait too long for searches, a job completes it.
        Assert.True(await SearchTableStore.RemoveIndexAsync(db, gone.Id, CancellationToken.None));
        Assert.False(await db.SearchTableSets.AnyAsync(set => set.IndexId == gone.Id));
        Assert.False(await db.Videos.AnyAsync(video => video.IndexId == gone.Id));
        Assert.Equal([$"index_{kept.Id}"], await db.Database
            .SqlQuery<string>($"SELECT nspname AS \"Value\" FROM pg_namespace WHERE nspname LIKE 'index_%'").ToListAsync());
    }

    /// <returns>The identifiers of videos with red frames and the spoken word "red".</returns>
    private static async Task<List<string>> AddVideosAsync(TestServer server, VideoIndex index)
    {
        var videos = new List<string>();
        for (var number = 0; number < Videos; number++)
        {
            var (video, _) = await server.AddVideoAsync(index);
            await server.Database.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.9), (20, "green", 0.9));
            await server.Database.AddTextAsync(video, TextSource.Speech, (20, 24, "red and red"));
            videos.Add(video.Id);
        }
        return videos;
    }
}
