using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The search API with its own database and <see cref="ColourVectors"/> instead of models.</summary>
public sealed class SearchServer(DatabaseTemplate template) : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync(template, new Dictionary<string, string?>(),
            fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
        await using var db = Server.Database.Open();
        var model = new VectorModel("model", ColourVectors.Dimensions);
        Assert.Null(await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class SearchApiTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task An_answer_has_the_members_of_the_contract()
    {
        var (index, videos) = await RedVideosAsync(3);

        var answer = await PostAsync(new
        {
            query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 2, group_by = (string?)null,
        });

        Assert.Equal(["search_pool", "data", "page_info", "query", "search_options", "conversation_option"], answer.Names());
        Assert.Equal($$"""{"index_id":"{{index.Id}}","total_count":3,"total_duration":181.5,"indexing":0}""",
            answer.GetProperty("search_pool").GetRawText());
        Assert.Equal("red", answer.GetProperty("query").GetString());
        Assert.Equal("semantic", answer.GetProperty("conversation_option").GetString());
        var clip = answer.Data()[0];
        Assert.Equal(["score", "start", "end", "video_id", "metadata", "confidence"], clip.Names());
        Assert.Equal("""[{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
        Assert.Equal((20, 25, "high", videos[0]),
            (clip.GetProperty("start").GetInt32(), clip.GetProperty("end").GetInt32(), clip.GetProperty("confidence").GetString(),
                clip.GetProperty("video_id").GetString()));
        var page = answer.GetProperty("page_info");
        Assert.Equal(["limit_per_page", "total_results", "page_expired_at", "next_page_token"], page.Names());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", page.GetProperty("page_expired_at").GetString());
        Assert.EndsWith("-1", page.GetProperty("next_page_token").GetString());
    }

    [Fact]
    public async Task Clips_of_several_options_list_their_modules_and_the_operator_and_requires_all()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (20, "green", 0.9), (8, "red", 0.76), (20, "green", 0.9));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (20.5, 24.25, "red and red"), (40, 44, "a red boat"));
        var request = (string way) => new
        {
            query = "red", index_id = index.Id, search_options = new[] { "visual", "conversation" }, @operator = way,
        };

        Assert.Equal(2, (await PostAsync(request("or"))).Data().Length);
        var clip = Assert.Single((await PostAsync(request("AND"))).Data());

        Assert.Equal((20.5, 24.25), (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble()));
        Assert.Equal("""[{"type":"conversation","text":"red and red"},{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
        Assert.Equal("""[{"type":"conversation","confidence":"high"},{"type":"visual","confidence":"medium"}]""",
            clip.GetProperty("modules").GetRawText());
        Assert.InRange(clip.GetProperty("score").GetDouble(), 85.01, 88);
    }

    [Fact]
    public async Task Pages_show_the_list_of_the_first_request_and_the_last_page_has_no_next_token()
    {
        var (index, videos) = await RedVideosAsync(5);
        var first = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 2 });
        // A video that is added later does not appear. A video that is deleted makes its page shorter.
        var (late, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(late, (20, "red", 0.99));
        await using (var db = Server.Database.Open())
            await db.Videos.Where(video => video.Id == videos[3]).ExecuteDeleteAsync();

        var second = await GetAsync(Token(first, "next")!);
        var third = await GetAsync(Token(second, "next")!);

        Assert.Equal([videos[2]], Videos(second));
        Assert.Equal([videos[4]], Videos(third));
        Assert.Equal(["search_pool", "data", "page_info"], third.Names());
        Assert.Equal(5, third.GetProperty("page_info").GetProperty("total_results").GetInt32());
        Assert.Equal(5, third.GetProperty("search_pool").GetProperty("total_count").GetInt32());
        Assert.Null(Token(third, "next"));
        Assert.Null(Token(first, "prev"));
        Assert.Equal([videos[0], videos[1]], Videos(await GetAsync(Token(second, "prev")!)));
        Assert.Equal([videos[2]], Videos(await GetAsync(Token(first, "next")!, "/v1.1/beta/search/")));
    }

    [Fact]
    public async Task Page_tokens_that_expired_or_belong_to_others_are_refused()
    {
        var (index, _) = await RedVideosAsync(3);
        var token = Token(await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 1 }),
            "next")!;
        using var client = Server.CreateClient();
        foreach (var wrong in new[] { "x", token[..36] + "-3", token[..36] + "-99999999999", $"{Guid.NewGuid()}-1" })
            Assert.Contains(wrong,
                await client.GetAsync($"/v1.1/search/{wrong}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired"));
        await using (var db = Server.Database.Open())
        {
            var other = await Server.AddAccountAsync();
            var id = Guid.Parse(token[..36]);
            await db.ResultSets.Where(set => set.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, other));
            await client.GetAsync($"/v1.1/search/{token}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired");
            await db.ResultSets.Where(set => set.AccountId == other)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, Server.AccountId));
        }
        Assert.Single((await GetAsync(token)).Data());
        Server.Clock.Advance(TimeSpan.FromSeconds(300));
        await client.GetAsync($"/v1.1/search/{token}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired");
    }

    [Fact]
    public async Task Each_page_is_a_separate_row_and_is_read_alone()
    {
        var (index, videos) = await RedVideosAsync(5);
        var first = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 2 });
        var second = Token(first, "next")!;
        var id = Guid.Parse(second[..36]);
        await using var db = Server.Database.Open();
        var pages = db.ResultPages.Where(page => page.ResultSetId == id);
        Assert.Equal([0, 1, 2], await pages.Select(page => page.Number).Order().ToListAsync());

        await pages.Where(page => page.Number != 1).ExecuteDeleteAsync();
        Assert.Equal([videos[2], videos[3]], Videos(await GetAsync(second)));
        await db.ResultSets.Where(set => set.IndexId == index.Id).ExecuteDeleteAsync();
        Assert.Equal(0, await pages.CountAsync());
    }

    [Fact]
    public async Task Grouped_answers_contain_and_count_videos()
    {
        var index = await Server.AddIndexAsync();
        var (twice, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(twice, (10, "green", 0.9), (5, "red", 0.8), (10, "green", 0.9), (5, "red", 0.75),
            (10, "green", 0.9));
        var (once, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(once, (10, "green", 0.9), (5, "red", 0.95), (10, "green", 0.9));
        var request = (string sort) => new
        {
            query = "red", index_id = index.Id, search_options = new[] { "visual" }, group_by = "video", sort_option = sort, page_limit = 1,
        };

        var byScore = await PostAsync(request("score"));
        var byCount = await PostAsync(request("clip_count"));

        Assert.Equal((once.Id, twice.Id),
            (byScore.Data()[0].GetProperty("id").GetString(), byCount.Data()[0].GetProperty("id").GetString()));
        Assert.Equal(2, byCount.GetProperty("page_info").GetProperty("total_results").GetInt32());
        var clips = byCount.Data()[0].GetProperty("clips").EnumerateArray().ToArray();
        Assert.Equal([80, 75], clips.Select(clip => (int)Math.Round(clip.GetProperty("score").GetDouble())));
        Assert.All(clips, clip => Assert.Equal(twice.Id, clip.GetProperty("video_id").GetString()));
        Assert.Equal(once.Id, (await GetAsync(Token(byCount, "next")!)).Data()[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Clips_have_a_thumbnail_of_their_middle_if_the_index_has_thumbnails()
    {
        var index = await Server.AddIndexAsync(addons: ["thumbnail"]);
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (10, "green", 0.9), (5, "red", 0.9), (10, "green", 0.9));

        var clip = (await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" } })).Data()[0];

        Assert.StartsWith($"{Server.Address}media/thumbnails/{video.Id}.jpeg?time=12.5&", clip.GetProperty("thumbnail_url").GetString());
    }

    [Fact]
    public async Task An_index_without_finished_videos_returns_an_empty_list()
    {
        var index = await Server.AddIndexAsync();
        await Server.AddVideoAsync(index, TaskState.Indexing);
        var answer = await PostAsync(new
        {
            query = "red", index_id = index.Id, search_options = new[] { "visual", "conversation", "text_in_video" },
        });
        Assert.Empty(answer.Data());
        Assert.Equal($$"""{"index_id":"{{index.Id}}","total_count":0,"total_duration":0,"indexing":1}""",
            answer.GetProperty("search_pool").GetRawText());
    }

    [Fact]
    public async Task Filters_limit_the_results_and_do_not_change_the_search_pool()
    {
        var (index, videos) = await RedVideosAsync(3);
        var answer = await PostAsync(new
        {
            query = "red", index_id = index.Id, search_options = new[] { "visual" },
            filter = new { id = new[] { videos[1] }, duration = new { gte = 60, lte = 61 } },
        });
        Assert.Equal([videos[1]], Videos(answer));
        Assert.Equal(3, answer.GetProperty("search_pool").GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task Both_routes_answer_a_combined_query_without_repeating_it()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (10, "green", 0.9), (5, "red", 0.9), (10, "green", 0.9));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (20, 22, "Moving to berth four now."));
        var leaf = (string text, string option) => new Dictionary<string, object>
        {
            ["text"] = text, ["search_options"] = new[] { option },
        };
        var query = new Dictionary<string, object>
        {
            ["$then"] = new[] { leaf("red", "visual"), leaf("berth four", "conversation") }, ["adjacency_threshold"] = 30,
        };

        foreach (var route in new[] { "/v1.1/beta/search", "/v1.1/search", "/v1.1/search/" })
        {
            var answer = await PostAsync(new { index_id = index.Id, query, threshold = "low" }, route);
            var clip = Assert.Single(answer.Data());
            Assert.Equal((10, 22), (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble()));
            Assert.Equal("""[{"type":"visual"},{"type":"conversation","text":"Moving to berth four now."}]""",
                clip.GetProperty("metadata").GetRawText());
            Assert.Equal(["search_pool", "data", "page_info"], answer.Names());
        }
    }

    /// <summary>Adds videos with one red moment each, in order of decreasing cosine.</summary>
    private async Task<(VideoIndex Index, string[] Videos)> RedVideosAsync(int count)
    {
        var index = await Server.AddIndexAsync();
        var videos = new List<string>();
        for (var i = 0; i < count; i++)
        {
            var (video, _) = await Server.AddVideoAsync(index);
            await Server.Database.AddFramesAsync(video, (20, "green", 0.9), (5, "red", 0.95 - i * 0.02), (20, "green", 0.9));
            videos.Add(video.Id);
        }
        return (index, [.. videos]);
    }

    private async Task<JsonElement> PostAsync(object body, string path = "/v1.1/search")
    {
        using var client = Server.CreateClient();
        return await client.PostAsJsonAsync(path, body).JsonAsync();
    }

    private async Task<JsonElement> GetAsync(string token, string path = "/v1.1/search/")
    {
        using var client = Server.CreateClient();
        return await client.GetAsync(path + token).JsonAsync();
    }

    private static string? Token(JsonElement answer, string which)
        => answer.GetProperty("page_info").TryGetProperty($"{which}_page_token", out var token) ? token.GetString() : null;

    private static IEnumerable<string?> Videos(JsonElement answer)
        => answer.Data().Select(clip => clip.GetProperty("video_id").GetString());
}
