using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>The API on a database of its own, with <see cref="ColourVectors"/> for models.</summary>
public sealed class SearchServer(DatabaseTemplate template) : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
        => Server = await TestServer.StartAsync(template, new Dictionary<string, string?>(), fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

public sealed class SearchApiTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private TestServer Server => fixture.Server;

    [Fact]
    public async Task An_answer_has_the_form_of_the_contract()
    {
        var (index, videos) = await RedVideosAsync(3);

        var answer = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 2, group_by = (string?)null });

        Assert.Equal(["search_pool", "data", "page_info", "query", "search_options", "conversation_option"], answer.Names());
        Assert.Equal($$"""{"index_id":"{{index.Id}}","total_count":3,"total_duration":181.5}""", answer.GetProperty("search_pool").GetRawText());
        Assert.Equal("red", answer.GetProperty("query").GetString());
        Assert.Equal("semantic", answer.GetProperty("conversation_option").GetString());
        var clip = answer.Data()[0];
        Assert.Equal(["score", "start", "end", "video_id", "metadata", "confidence"], clip.Names());
        Assert.Equal("""[{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
        Assert.Equal((20, 25, "high", videos[0]), (clip.GetProperty("start").GetInt32(), clip.GetProperty("end").GetInt32(), clip.GetProperty("confidence").GetString(), clip.GetProperty("video_id").GetString()));
        var page = answer.GetProperty("page_info");
        Assert.Equal(["limit_per_page", "total_results", "page_expired_at", "next_page_token"], page.Names());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", page.GetProperty("page_expired_at").GetString());
        Assert.EndsWith("-1", page.GetProperty("next_page_token").GetString());
    }

    [Fact]
    public async Task Several_options_show_their_modules_and_and_needs_all()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (20, "green", 0.9), (8, "red", 0.76), (20, "green", 0.9));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (20.5, 24.25, "red and red"), (40, 44, "a red boat"));
        var request = (string way) => new { query = "red", index_id = index.Id, search_options = new[] { "visual", "conversation" }, @operator = way };

        Assert.Equal(2, (await PostAsync(request("or"))).Data().Length);
        var clip = Assert.Single((await PostAsync(request("AND"))).Data());

        Assert.Equal((20.5, 24.25), (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble()));
        Assert.Equal("""[{"type":"conversation","text":"red and red"},{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
        Assert.Equal("""[{"type":"conversation","confidence":"high"},{"type":"visual","confidence":"medium"}]""", clip.GetProperty("modules").GetRawText());
        Assert.InRange(clip.GetProperty("score").GetDouble(), 85.01, 88);
    }

    [Fact]
    public async Task Pages_show_one_frozen_list_and_end_where_a_token_is_missing()
    {
        var (index, videos) = await RedVideosAsync(5);
        var first = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 2 });
        // A video that comes later is not seen; one that goes leaves its page shorter.
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
    public async Task Tokens_that_expired_or_belong_to_others_are_refused()
    {
        var (index, _) = await RedVideosAsync(3);
        var token = Token(await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, page_limit = 1 }), "next")!;
        using var client = Server.CreateClient();
        foreach (var wrong in new[] { "x", token[..36] + "-3", token[..36] + "-99999999999", $"{Guid.NewGuid()}-1" })
            Assert.Contains(wrong, await client.GetAsync($"/v1.1/search/{wrong}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired"));
        await using (var db = Server.Database.Open())
        {
            var other = await Server.AddAccountAsync();
            var id = Guid.Parse(token[..36]);
            await db.ResultSets.Where(set => set.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, other));
            await client.GetAsync($"/v1.1/search/{token}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired");
            await db.ResultSets.Where(set => set.AccountId == other).ExecuteUpdateAsync(set => set.SetProperty(row => row.AccountId, Server.AccountId));
        }
        Assert.Single((await GetAsync(token)).Data());
        Server.Clock.Advance(TimeSpan.FromSeconds(300));
        await client.GetAsync($"/v1.1/search/{token}").ErrorAsync(HttpStatusCode.BadRequest, "search_page_token_expired");
    }

    [Fact]
    public async Task Grouped_answers_count_videos()
    {
        var index = await Server.AddIndexAsync();
        var (twice, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(twice, (10, "green", 0.9), (5, "red", 0.8), (10, "green", 0.9), (5, "red", 0.75), (10, "green", 0.9));
        var (once, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(once, (10, "green", 0.9), (5, "red", 0.95), (10, "green", 0.9));
        var request = (string sort) => new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, group_by = "video", sort_option = sort, page_limit = 1 };

        var byScore = await PostAsync(request("score"));
        var byCount = await PostAsync(request("clip_count"));

        Assert.Equal((once.Id, twice.Id), (byScore.Data()[0].GetProperty("id").GetString(), byCount.Data()[0].GetProperty("id").GetString()));
        Assert.Equal(2, byCount.GetProperty("page_info").GetProperty("total_results").GetInt32());
        var clips = byCount.Data()[0].GetProperty("clips").EnumerateArray().ToArray();
        Assert.Equal([80, 75], clips.Select(clip => (int)Math.Round(clip.GetProperty("score").GetDouble())));
        Assert.All(clips, clip => Assert.Equal(twice.Id, clip.GetProperty("video_id").GetString()));
        Assert.Equal(once.Id, (await GetAsync(Token(byCount, "next")!)).Data()[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Clips_have_a_picture_of_their_middle_when_the_index_has_thumbnails()
    {
        var index = await Server.AddIndexAsync(addons: ["thumbnail"]);
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (10, "green", 0.9), (5, "red", 0.9), (10, "green", 0.9));

        var clip = (await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" } })).Data()[0];

        Assert.StartsWith($"{Server.Address}media/thumbnails/{video.Id}.jpeg?time=12.5&", clip.GetProperty("thumbnail_url").GetString());
    }

    [Fact]
    public async Task An_index_without_finished_videos_gives_an_empty_list()
    {
        var index = await Server.AddIndexAsync();
        await Server.AddVideoAsync(index, TaskState.Indexing);
        var answer = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual", "conversation", "text_in_video" } });
        Assert.Empty(answer.Data());
        Assert.Equal($$"""{"index_id":"{{index.Id}}","total_count":0,"total_duration":0}""", answer.GetProperty("search_pool").GetRawText());
    }

    [Fact]
    public async Task Filters_narrow_the_answer_and_the_pool_stays_whole()
    {
        var (index, videos) = await RedVideosAsync(3);
        var answer = await PostAsync(new { query = "red", index_id = index.Id, search_options = new[] { "visual" }, filter = new { id = new[] { videos[1] }, duration = new { gte = 60, lte = 61 } } });
        Assert.Equal([videos[1]], Videos(answer));
        Assert.Equal(3, answer.GetProperty("search_pool").GetProperty("total_count").GetInt32());
    }

    [Fact]
    public async Task A_combined_query_is_answered_on_both_routes_without_an_echo()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (10, "green", 0.9), (5, "red", 0.9), (10, "green", 0.9));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (20, 22, "Moving to berth four now."));
        var leaf = (string text, string option) => new Dictionary<string, object> { ["text"] = text, ["search_options"] = new[] { option } };
        var query = new Dictionary<string, object> { ["$then"] = new[] { leaf("red", "visual"), leaf("berth four", "conversation") }, ["adjacency_threshold"] = 30 };

        foreach (var route in new[] { "/v1.1/beta/search", "/v1.1/search", "/v1.1/search/" })
        {
            var answer = await PostAsync(new { index_id = index.Id, query, threshold = "low" }, route);
            var clip = Assert.Single(answer.Data());
            Assert.Equal((10, 22), (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble()));
            Assert.Equal("""[{"type":"visual"},{"type":"conversation","text":"Moving to berth four now."}]""", clip.GetProperty("metadata").GetRawText());
            Assert.Equal(["search_pool", "data", "page_info"], answer.Names());
        }
    }

    [Theory]
    [InlineData("""{}""", "parameter_not_provided", "query, index_id, search_options")]
    [InlineData("""{"query":null,"index_id":"INDEX","search_options":["visual"]}""", "parameter_not_provided", "query")]
    [InlineData("""{"query":5,"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "query")]
    [InlineData("""{"query":" ","index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "query")]
    [InlineData("""{"query":"red","index_id":"x","search_options":["visual"]}""", "parameter_invalid", "index_id")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":[]}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":[null]}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":"visual"}""", "parameter_invalid", "search_options")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["text_in_video"]}""", "search_option_not_supported", "visual, conversation")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["smell"]}""", "search_option_not_supported", "smell")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"conversation_option":"exact_match"}""", "search_option_combination_not_supported", "exact_match")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"conversation_option":"loud"}""", "parameter_invalid", "semantic, exact_match")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"operator":"xor"}""", "parameter_invalid", "operator")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"threshold":"mid"}""", "parameter_invalid", "high, medium, low, none")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"group_by":"index"}""", "parameter_invalid", "group_by")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"sort_option":"time"}""", "parameter_invalid", "sort_option")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"page_limit":51}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"page_limit":0}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":[]}""", "search_filter_invalid", "object")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"duration":{"gt":1}}}""", "search_filter_invalid", "gt")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"duration":"long"}}""", "search_filter_invalid", "duration")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"id":"v"}}""", "search_filter_invalid", "id")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"year":{}}}""", "search_filter_invalid", "year")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"filter":{"year":[2020]}}""", "search_filter_invalid", "year")]
    [InlineData("""{"query":"red","index_id":"INDEX","search_options":["visual"],"colour":"red"}""", "parameter_unknown", "colour")]
    [InlineData("""{"query":{"text":"red"},"index_id":"INDEX"}""", "parameter_not_provided", "query.search_options")]
    [InlineData("""{"query":{"$and":[{"text":"red"}],"$or":[]},"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "exactly one")]
    [InlineData("""{"query":{"$not":{"origin":{"text":"red"}}},"index_id":"INDEX","search_options":["visual"]}""", "parameter_not_provided", "query.$not.sub")]
    [InlineData("""{"query":{"text":"red","proximity":3},"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "query.proximity")]
    [InlineData("""{"query":{"$and":[{"text":"red"}],"adjacency_threshold":-1},"index_id":"INDEX","search_options":["visual"]}""", "parameter_invalid", "0 or more")]
    [InlineData("""{"query":{"$and":[{"text":"red","search_options":["logo"]}]},"index_id":"INDEX"}""", "search_option_not_supported", "logo")]
    public async Task What_is_wrong_with_a_request_is_said(string body, string code, string words)
    {
        var index = await Server.AddIndexAsync(options: ["visual", "conversation"]);
        using var client = Server.CreateClient();
        var message = await client.PostAsync("/v1.1/search", new StringContent(body.Replace("INDEX", index.Id))).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message);
    }

    [Fact]
    public async Task A_query_that_is_too_long_is_refused_with_the_limit()
    {
        using var client = Server.CreateClient();
        var message = await client.PostAsJsonAsync("/v1.1/search", new { query = new string('a', 2001), index_id = new string('a', 24), search_options = new[] { "visual" } })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("2000", message);
    }

    [Fact]
    public async Task Indexes_of_others_and_deleted_ones_do_not_exist()
    {
        var foreign = await Server.AddIndexAsync(accountId: await Server.AddAccountAsync());
        var deleted = await Server.AddIndexAsync();
        await using (var db = Server.Database.Open())
            await db.Indexes.Where(row => row.Id == deleted.Id).ExecuteUpdateAsync(row => row.SetProperty(index => index.DeletedAt, Server.Clock.GetUtcNow()));
        using var client = Server.CreateClient();
        foreach (var id in new[] { foreign.Id, deleted.Id })
            await client.PostAsJsonAsync("/v1.1/search", new { query = "red", index_id = id, search_options = new[] { "visual" } }).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task A_missing_model_is_said_and_an_exact_search_needs_none()
    {
        await using var server = await TestServer.StartAsync(Server.Template, new Dictionary<string, string?>(), ModelRole.TextEmbedding);
        var index = await server.AddIndexAsync();
        var (video, _) = await server.AddVideoAsync(index);
        await server.AddTextAsync(video, TextSource.Speech, (1, 2, "berth four"));
        using var client = server.CreateClient();
        var request = (string way) => new { query = "berth four", index_id = index.Id, search_options = new[] { "conversation" }, conversation_option = way };

        Assert.NotEmpty(await client.PostAsJsonAsync("/v1.1/search", request("semantic")).ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable"));
        Assert.Single((await client.PostAsJsonAsync("/v1.1/search", request("transcription")).JsonAsync()).Data());
    }

    /// <summary>Videos with one red moment each, the first the reddest.</summary>
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

    private static IEnumerable<string?> Videos(JsonElement answer) => answer.Data().Select(clip => clip.GetProperty("video_id").GetString());
}
