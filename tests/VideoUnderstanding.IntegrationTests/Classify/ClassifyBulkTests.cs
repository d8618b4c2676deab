using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using static VideoUnderstanding.IntegrationTests.Classify.ClassifyCalls;

namespace VideoUnderstanding.IntegrationTests.Classify;

public sealed class ClassifyBulkTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private const string Path = "/v1.1/classify/bulk";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task Videos_are_sorted_by_their_best_label_and_omitted_without_a_label()
    {
        var index = await Server.AddIndexAsync();
        var weak = await Server.AddColoursAsync(index, (60, "red", 0.6));
        await Server.AddColoursAsync(index, (10, "red", 0.9), (50, "white", 0.9));
        var both = await Server.AddColoursAsync(index, (35, "red", 0.7), (25, "green", 0.95));
        await Server.AddVideoAsync(index, TaskState.Indexing);

        var answer = await Server.PostAsync(Path,
            new
            {
                index_id = index.Id, options = new[] { "visual", "conversation" },
                labels = new[] { Label("red", "red"), Label("bright", "green", "red") },
            });

        Assert.Equal(["data", "page_info"], answer.Names());
        Assert.Equal(["limit_per_page", "total_results", "page_expired_at"], answer.GetProperty("page_info").Names());
        Assert.Equal([both.Id, weak.Id], answer.Data().Select(item => item.Text("video_id")));
        Assert.Equal(["video_id", "labels"], answer.Data()[0].Names());
        Assert.Equal(["bright", "red"], answer.Data()[0].LabelNames());
        Assert.Equal(["name", "max_score", "duration", "duration_ratio"], answer.Data()[0].Labels()[0].Names());
    }

    [Fact]
    public async Task Pages_show_a_snapshot_and_the_last_page_has_no_next_token()
    {
        var (index, videos) = await RedVideosAsync(5);
        var first = await Server.PostAsync(Path, Request(index, 2));
        await Server.AddColoursAsync(index, (60, "red", 0.99));
        await using (var db = Server.Database.Open())
            await db.Videos.Where(video => video.Id == videos[3]).ExecuteDeleteAsync();

        var second = await Server.PageAsync(Token(first, "next")!);
        var third = await Server.PageAsync(Token(second, "next")!);

        Assert.Equal([videos[0], videos[1]], Videos(first));
        Assert.Equal([videos[2]], Videos(second));
        Assert.Equal([videos[4]], Videos(third));
        Assert.Equal(["data", "page_info"], third.Names());
        Assert.Equal(5, third.GetProperty("page_info").GetProperty("total_results").GetInt32());
        Assert.Equal(["limit_per_page", "total_results", "page_expired_at", "prev_page_token"], third.GetProperty("page_info").Names());
        Assert.Null(Token(first, "prev"));
        Assert.Equal([videos[0], videos[1]], Videos(await Server.PageAsync(Token(second, "prev")!)));
        Assert.EndsWith("-1", Token(first, "next"));
    }

    [Fact]
    public async Task Pages_keep_the_name_and_the_clips_of_the_request()
    {
        var (index, videos) = await RedVideosAsync(2, "thumbnail");
        var first = await Server.PostAsync(Path,
            new { index_id = index.Id, options = Visual, classes = new[] { Label("red", "red") }, include_clips = true, page_limit = 1 });

        foreach (var (page, video) in new[] { (first, videos[0]), (await Server.PageAsync(Token(first, "next")!), videos[1]) })
        {
            var label = Assert.Single(Assert.Single(page.Data()).Labels("classes"));
            var clip = Assert.Single(label.GetProperty("clips").EnumerateArray());
            Assert.Equal((0, 60), (clip.Number("start"), clip.Number("end")));
            Assert.Contains($"/media/thumbnails/{video}.jpeg?time=30&", clip.Text("thumbnail_url"));
        }
    }

    [Fact]
    public async Task Expired_tokens_and_tokens_of_other_accounts_are_refused()
    {
        var (index, _) = await RedVideosAsync(3);
        var token = Token(await Server.PostAsync(Path, Request(index, 1)), "next")!;
        using var client = Server.CreateClient();
        foreach (var malformed in new[] { "x", token[..36], token[..36] + "-99999999999", token + "%20" })
            await client.GetAsync($"/v1.1/classify/{malformed}").ErrorAsync(HttpStatusCode.BadRequest, "classify_page_token_invalid");
        foreach (var unknown in new[] { token[..36] + "-3", $"{Guid.NewGuid()}-1" })
            Assert.Contains(unknown,
                await client.GetAsync($"/v1.1/classify/{unknown}").ErrorAsync(HttpStatusCode.BadRequest, "classify_page_token_expired"));
        var id = Guid.Parse(token[..36]);
        var other = await Server.AddAccountAsync();
        await using (var db = Server.Database.Open())
        {
            await db.ResultSets.Where(set => set.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, other));
            await client.GetAsync($"/v1.1/classify/{token}").ErrorAsync(HttpStatusCode.BadRequest, "classify_page_token_expired");
            await db.ResultSets.Where(set => set.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, Server.AccountId));
        }
        Assert.Single((await Server.PageAsync(token)).Data());
        Server.Clock.Advance(TimeSpan.FromSeconds(300));
        await client.GetAsync($"/v1.1/classify/{token}").ErrorAsync(HttpStatusCode.BadRequest, "classify_page_token_expired");
    }

    [Fact]
    public async Task A_page_token_is_valid_for_one_kind_of_request()
    {
        var (index, _) = await RedVideosAsync(2);
        var classified = Token(await Server.PostAsync(Path, Request(index, 1)), "next")!;
        var searched = Token(
            await Server.PostAsync("/v1.1/search", new { query = "red", index_id = index.Id, search_options = Visual, page_limit = 1 }),
            "next")!;
        using var client = Server.CreateClient();

        await client.GetAsync($"/v1.1/classify/{searched}").ErrorAsync(HttpStatusCode.BadRequest, "classify_page_token_expired");
        await client.GetAsync($"/v1.1/search/{classified}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired");
    }

    [Fact]
    public async Task A_request_with_several_videos_is_answered_with_a_list()
    {
        var (index, videos) = await RedVideosAsync(4);

        var answer = await Server.PostAsync("/v1.1/classify",
            new
            {
                video_ids = new[] { videos[3], videos[1], videos[2] }, options = Visual, classes = new[] { Label("red", "red") },
                page_limit = 2,
            });

        Assert.Equal([videos[1], videos[2]], Videos(answer));
        Assert.Equal(["video_id", "classes"], answer.Data()[0].Names());
        Assert.Equal([videos[3]], Videos(await Server.PageAsync(Token(answer, "next")!)));
        var elsewhere = await Server.AddColoursAsync(await Server.AddIndexAsync(), (60, "red", 0.9));
        using var client = Server.CreateClient();
        Assert.Contains("one index",
            await client.PostAsJsonAsync("/v1.1/classify",
                new { video_ids = new[] { videos[0], elsewhere.Id }, options = Visual, labels = new[] { Label("red", "red") } })
                .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"));
    }

    [Fact]
    public async Task An_index_without_finished_videos_gives_an_empty_list()
    {
        var answer = await Server.PostAsync(Path, Request(await Server.AddIndexAsync(), 10));

        Assert.Empty(answer.Data());
        Assert.Equal(0, answer.GetProperty("page_info").GetProperty("total_results").GetInt32());
    }

    [Fact]
    public async Task No_video_is_lost_between_batches()
    {
        var index = await Server.AddIndexAsync();
        await using (var db = Server.Database.Open())
        {
            for (var i = 0; i < 1_100; i++)
            {
                var video = new Video
                {
                    Id = ObjectIds.New(Server.Clock), AccountId = Server.AccountId, IndexId = index.Id, Filename = "clip.mp4", Duration = 4,
                    CreatedAt = Server.Clock.GetUtcNow(), UpdatedAt = Server.Clock.GetUtcNow(), IndexedAt = Server.Clock.GetUtcNow(),
                };
                db.Add(video);
                db.Add(new FrameVector
                {
                    IndexId = index.Id, VideoId = video.Id, Start = 0, End = 4,
                    Embedding = ColourVectors.Picture(i % 2 == 0 ? "red" : "green", 0.9),
                });
            }
            await db.SaveChangesAsync();
        }

        var answer = await Server.PostAsync(Path, Request(index, 50));

        Assert.Equal(550, answer.GetProperty("page_info").GetProperty("total_results").GetInt32());
    }

    [Fact]
    public async Task A_request_with_too_many_comparisons_is_refused_with_the_numbers()
    {
        await using var server = await TestServer.StartAsync(
            Server.Template, new Dictionary<string, string?> { ["VideoUnderstanding:Classification:MaxComparisons"] = "1000" },
            fakes: services => services.AddColours());
        var index = await server.AddIndexAsync();
        for (var i = 0; i < 9; i++)
            await server.AddColoursAsync(index, (60, "red", 0.9));
        using var client = server.CreateClient();

        Assert.Equal(9, (await server.PostAsync(Path, Request(index, 10))).Data().Length);
        var message = await client.PostAsJsonAsync(Path,
            new { index_id = index.Id, options = Visual, labels = new[] { Label("x", "red", "green") } })
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Contains("1080", message);
        Assert.Contains("1000", message);
    }

    private static object Request(VideoIndex index, int limit)
        => new { index_id = index.Id, options = Visual, labels = new[] { Label("red", "red") }, page_limit = limit };

    /// <summary>Adds videos that are red in every second. The cosine falls by 0.02 from one video to the next.</summary>
    private async Task<(VideoIndex Index, string[] Videos)> RedVideosAsync(int count, params string[] addons)
    {
        var index = await Server.AddIndexAsync(addons: addons);
        var videos = new List<string>();
        for (var i = 0; i < count; i++)
            videos.Add((await Server.AddColoursAsync(index, (60, "red", 0.95 - i * 0.02))).Id);
        return (index, [.. videos]);
    }

    private static string? Token(JsonElement answer, string which) => answer.GetProperty("page_info").Text($"{which}_page_token");

    private static IEnumerable<string?> Videos(JsonElement answer) => answer.Data().Select(item => item.Text("video_id"));
}
