using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Pgvector;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Logos;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>POST /app/curves and /app/curves/picture, with <see cref="ColourVectors"/> instead of models.</summary>
public sealed class CurveTests(SearchServer fixture) : IClassFixture<SearchServer>, IAsyncLifetime
{
    private const string Path = "/app/curves", PicturePath = "/app/curves/picture";

    private Browser _browser = null!;

    private TestServer Server => fixture.Server;

    public async ValueTask InitializeAsync() => _browser = await SignedInAsync(Server);

    public ValueTask DisposeAsync()
    {
        _browser.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_curve_has_the_exact_score_of_each_frame(bool isLarge)
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        // The similarity rises and falls during the hit.
        double[] cosines = [
            .. Enumerable.Range(0, 60).Select(second => second is >= 20 and < 28 ? 0.9 - 0.03 * Math.Abs(second - 23) : 0.1)];
        await Server.Database.AddFramesAsync(video, [.. cosines.Select(cosine => (1, "red", cosine))]);
        var (other, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(other, (10, "green", 0.9));
        if (isLarge)
            await Server.Database.SeparateAsync(index);

        var answer = await CurvesAsync(index, "red", (video.Id, 20, 28), (other.Id, 2, 3.5));

        Assert.Equal(["video_id", "start", "end", "from", "step", "scores"], answer[0].Names());
        Assert.Equal((10, 0.5), (answer[0].GetProperty("from").GetDouble(), answer[0].GetProperty("step").GetDouble()));
        var scores = Scores(answer[0]);
        Assert.Equal(56, scores.Length);
        for (var i = 0; i < scores.Length; i++)
            Assert.Equal(100 * CosineWithRed(ColourVectors.Picture("red", cosines[10 + i / 2])), scores[i]!.Value, 0.02);
        // The curve of the other video begins and ends with the video.
        Assert.Equal((other.Id, 0, 20), (answer[1].GetProperty("video_id").GetString(), answer[1].GetProperty("from").GetInt32(),
            Scores(answer[1]).Length));
        Assert.All(Scores(answer[1]), score => Assert.Equal(0, score!.Value, 0.01));
    }

    [Fact]
    public async Task Calibrated_scores_are_those_of_the_search()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (20, "green", 0.9), (6, "red", 0.9), (20, "blue", 0.9));
        await using var db = Server.Database.Open();
        var search = db.Search(vectors: new CountedCaptions());
        var clip = Assert.Single(await search.FindAsync(new SearchQuery(index.Id, new TextQuery("red", [IndexOptions.Visual])), Cancel));
        Assert.Equal((20, 26), (clip.Start, clip.End));

        var curve = Assert.Single(await search.CurvesAsync(index.Id, "red", [new(video.Id, clip.Start, clip.End)], Cancel));

        Assert.Equal((10, 0.5, 52), (curve.From, curve.Step, curve.Scores.Count));
        // All frames of the moment are equal, so each has the score of the moment.
        Assert.All(curve.Scores.Skip(20).Take(12), score => Assert.Equal(clip.Score, score));
        Assert.All([.. curve.Scores.Take(20), .. curve.Scores.Skip(32)], score => Assert.InRange(score!.Value, 0, 39));
    }

    [Fact]
    public async Task The_number_of_steps_is_bounded_and_a_step_has_its_highest_score()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index, duration: 900);
        await Server.Database.AddFramesAsync(video, (700, "red", 0.5), (1, "red", 0.9), (199, "red", 0.5));

        var curves = await CurvesAsync(index, "red", [.. Enumerable.Repeat((video.Id, 100.0, 1e300), 20)]);

        Assert.Equal(20, curves.Length);
        Assert.All(curves, curve => Assert.InRange(Scores(curve).Length, 32, 64));
        var scores = Scores(curves[19]);
        var (from, step) = (curves[19].GetProperty("from").GetDouble(), curves[19].GetProperty("step").GetDouble());
        for (var i = 0; i < scores.Length; i++)
            Assert.Equal(from + i * step is var begin && begin <= 700 && 700 < begin + step ? 90 : 50, scores[i]!.Value, 0.1);
    }

    [Fact]
    public async Task A_still_scene_that_begins_before_the_curve_is_part_of_it_and_times_without_pictures_have_no_score()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await using (var db = Server.Database.Open())
        {
            foreach (var (start, end, colour) in ((double, double, string)[])[(0, 28, "green"), (28, 32, "red"), (35, 60, "red")])
                db.Add(new FrameVector
                {
                    IndexId = index.Id, VideoId = video.Id, Start = start, End = end, Embedding = ColourVectors.Picture(colour, 0.9),
                });
            await db.SaveChangesAsync(Cancel);
        }

        var curve = Assert.Single(await CurvesAsync(index, "red", (video.Id, 28, 32)));

        Assert.Equal(18, curve.GetProperty("from").GetDouble());
        Assert.Equal([.. Enumerable.Repeat<double?>(0, 20), .. Enumerable.Repeat<double?>(90, 8), .. new double?[6],
            .. Enumerable.Repeat<double?>(90, 14)], Scores(curve).Select(score => score is { } value ? Math.Round(value) : score));
    }

    [Fact]
    public async Task A_picture_of_a_video_and_an_uploaded_picture_have_curves()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (15, "green", 0.9), (5, "red", 0.9), (15, "green", 0.9));
        var hits = $$"""[{"video_id":"{{video.Id}}","start":15,"end":20}]""";

        foreach (var form in (MultipartFormDataContent[])[Form(index.Id, null, ("video_id", video.Id), ("time", "16"), ("hits", hits)),
            Form(index.Id, await LogoBench.PictureAsync("red"), ("hits", hits))])
        {
            var scores = Scores(Assert.Single((await PostAsync(form).JsonAsync()).Data()));
            Assert.Equal(50, scores.Length);
            Assert.All(scores, (score, i) => Assert.Equal(i is >= 20 and < 30, score > 80));
        }
    }

    [Fact]
    public async Task Foreign_deleted_and_unknown_videos_and_indexes_are_the_same_error()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        var (deleted, _) = await Server.AddVideoAsync(index);
        var (elsewhere, _) = await Server.AddVideoAsync(await Server.AddIndexAsync());
        var (waiting, _) = await Server.AddVideoAsync(index, TaskState.Pending);
        await Server.Database.AddFramesAsync(deleted, (20, "red", 0.9));
        Assert.Single(await CurvesAsync(index, "red", (deleted.Id, 1, 2)));
        using (var client = Server.CreateClient())
            await client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{deleted.Id}").EmptyAsync(HttpStatusCode.NoContent);
        var theirs = await Server.AddIndexAsync(accountId: await Server.AddAccountAsync());
        var (foreign, _) = await Server.AddVideoAsync(theirs);
        var unknown = ObjectIds.New(Server.Clock);
        foreach (var id in new[] { unknown, foreign.Id, deleted.Id, elsewhere.Id, waiting.Id })
        {
            var message = $"Resource with id {id} does not exist in videos.";
            Assert.Equal(message, await SendAsync(index.Id, "red", Hit(video.Id, 1, 2), Hit(id, 1, 2))
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"));
            Assert.Equal(message, await PostAsync(Form(index.Id, null, ("video_id", video.Id),
                ("hits", JsonSerializer.Serialize(new[] { Hit(id, 1, 2) })))).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"));
        }
        foreach (var id in new[] { unknown, theirs.Id })
            Assert.Equal($"Resource with id {id} does not exist in indexes.", await SendAsync(id, "red", Hit(foreign.Id, 1, 2))
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"));
        var speech = await Server.AddIndexAsync(options: ["conversation"]);
        await SendAsync(speech.Id, "red", Hit(video.Id, 1, 2)).ErrorAsync(HttpStatusCode.BadRequest, "search_option_not_supported");
    }

    [Fact]
    public async Task Invalid_requests_are_errors_of_the_API()
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        var good = Hit(video.Id, 1, 2);
        (object Body, string Code, string Words)[] wrong =
        [
            (new { }, "parameter_not_provided", "index_id, query, hits"),
            (new { index_id = "x", query = "red", hits = new[] { good } }, "parameter_invalid", "index_id"),
            (Body(index, "", good), "parameter_invalid", "query"),
            (Body(index, new { text = "red" }, good), "parameter_invalid", "query"),
            (Body(index, "red"), "parameter_invalid", "1 to 20 hits"),
            (Body(index, "red", [.. Enumerable.Repeat(good, 21)]), "parameter_invalid", "has 21"),
            (Body(index, "red", good, new { start = 1 }), "parameter_not_provided", "hits[1].video_id"),
            (Body(index, "red", good, null), "parameter_not_provided", "hits[1].video_id"),
            (Body(index, "red", Hit("x", 1, 2)), "parameter_invalid", "hits[0].video_id"),
            (Body(index, "red", Hit(video.Id, -1, 2)), "parameter_invalid", "hits[0].start"),
            (Body(index, "red", Hit(video.Id, 2, 2)), "parameter_invalid", "hits[0].end"),
            (Body(index, "red", good, Hit(video.Id, 60.5, 70)), "parameter_invalid", "hits[1].start"),
            (Body(index, "red", new { video_id = video.Id, start = "1", end = 2 }), "parameter_invalid", "hits[0].start"),
            (Body(index, "red", new { video_id = video.Id, start = 1, end = 2, score = 3 }), "parameter_unknown", "hits[0].score"),
        ];
        foreach (var (body, code, words) in wrong)
            Assert.Contains(words, await _browser.SendAsync(HttpMethod.Post, Path, body).ErrorAsync(HttpStatusCode.BadRequest, code),
                StringComparison.Ordinal);
        foreach (var (hits, code) in new[] { ("", "parameter_not_provided"), ("[", "parameter_invalid"), ("{}", "parameter_invalid"),
            ("[]", "parameter_invalid"), ("[1]", "parameter_invalid"), ("[\"\\ud800\"]", "parameter_invalid"),
            ($$"""[{"video_id":"{{video.Id}}","start":1,"end":2,"x":1}]""", "parameter_unknown") })
            Assert.Contains("hits", await PostAsync(Form(index.Id, null, ("video_id", video.Id), ("hits", hits)))
                .ErrorAsync(HttpStatusCode.BadRequest, code), StringComparison.Ordinal);
        await PostAsync(Form(index.Id, null, ("hits", "[]"))).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided");
    }

    [Fact]
    public async Task Curves_need_a_session_and_its_token_and_count_as_costly_requests()
    {
        await using var server = await TestServer.StartAsync(Server.Template, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:RateLimits:CostlyPerMinute"] = "1", ["VideoUnderstanding:RateLimits:CostlyBurst"] = "2",
        }, fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
        using var browser = await SignedInAsync(server);
        using var client = server.CreateClient();
        foreach (var path in new[] { Path, PicturePath })
        {
            await client.PostAsync(path, null).ErrorAsync(HttpStatusCode.Unauthorized, "session_invalid");
            await browser.SendAsync(HttpMethod.Post, path, token: null, body: null)
                .ErrorAsync(HttpStatusCode.Forbidden, "session_token_invalid");
            await browser.SendAsync(HttpMethod.Post, path, new { }).ErrorAsync(HttpStatusCode.BadRequest,
                path == Path ? "parameter_not_provided" : "parameter_invalid");
        }
        await browser.SendAsync(HttpMethod.Post, Path, new { }).ErrorAsync(HttpStatusCode.TooManyRequests, "too_many_requests");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static object Hit(string videoId, double start, double end) => new { video_id = videoId, start, end };

    private static object Body(VideoIndex index, object query, params object?[] hits) => new { index_id = index.Id, query, hits };

    private static double?[] Scores(JsonElement curve) => [.. curve.GetProperty("scores").EnumerateArray()
        .Select(score => score.ValueKind == JsonValueKind.Null ? (double?)null : score.GetDouble())];

    private static double CosineWithRed(HalfVector picture)
    {
        double[] values = [.. picture.ToArray().Select(value => (double)value)];
        return values[0] / Math.Sqrt(values.Sum(value => value * value));
    }

    private Task<HttpResponseMessage> SendAsync(string indexId, string query, params object[] hits)
        => _browser.SendAsync(HttpMethod.Post, Path, new { index_id = indexId, query, hits });

    private async Task<JsonElement[]> CurvesAsync(VideoIndex index, string query, params (string Id, double Start, double End)[] hits)
        => (await SendAsync(index.Id, query, [.. hits.Select(hit => Hit(hit.Id, hit.Start, hit.End))]).JsonAsync()).Data();

    private async Task<HttpResponseMessage> PostAsync(MultipartFormDataContent form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, PicturePath) { Content = form };
        request.Headers.Add(Browser.TokenHeader, (await _browser.SessionAsync()).GetProperty("token").GetString());
        return await _browser.Http.SendAsync(request, Cancel);
    }

    private static MultipartFormDataContent Form(string indexId, byte[]? picture, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new StringContent(indexId), "index_id" } };
        if (picture is not null)
            form.Add(new ByteArrayContent(picture), "picture", "picture.png");
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    /// <summary>A browser in which a new user of the default account has signed in.</summary>
    private static async Task<Browser> SignedInAsync(TestServer server)
    {
        var name = $"u{Guid.NewGuid():N}";
        await using (var scope = server.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<UserStore>()
                .CreateAsync(name, "default", UserRole.Member, AppServer.Password, Cancel);
        var browser = new Browser(new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() })
        {
            BaseAddress = server.Address,
        });
        using var entered = await browser.SignInAsync(name);
        Assert.Equal(HttpStatusCode.NoContent, entered.StatusCode);
        return browser;
    }
}
