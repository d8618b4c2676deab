using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Logos;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Search;

/// <summary>POST /search/picture, with <see cref="ColourVectors"/> instead of models: a picture is compared by the shares of its
/// colours.</summary>
public sealed class PictureSearchTests(DatabaseTemplate template) : IAsyncLifetime
{
    private const string Path = "/v1.1/search/picture";

    private TestServer _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(template, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Search:PictureBytes"] = "20000", ["VideoUnderstanding:Search:PicturePixels"] = "250000",
        }, fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());
        await using var db = _server.Database.Open();
        var model = new VectorModel("model", ColourVectors.Dimensions);
        Assert.Null(await VectorColumns.EnsureAsync(db, model, model, CancellationToken.None));
        _client = _server.CreateClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task An_uploaded_picture_finds_similar_moments()
    {
        var (index, video) = await ColoursAsync();

        var answer = await FindAsync(index, await LogoBench.PictureAsync("red", "mjpeg"), ("threshold", "medium"));

        Assert.Equal(["search_pool", "data", "page_info"], answer.Names());
        var clip = Assert.Single(answer.Data());
        Assert.Equal(["score", "start", "end", "video_id", "metadata", "confidence"], clip.Names());
        Assert.Equal((video.Id, 10, 15), Place(clip));
        Assert.Equal("""[{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
    }

    [Fact]
    public async Task A_picture_of_a_video_finds_its_own_moment_first_and_needs_no_model()
    {
        var (index, video) = await ColoursAsync();
        var (other, _) = await _server.AddVideoAsync(index);
        await _server.Database.AddFramesAsync(other, (20, "green", 0.9), (5, "red", 0.7), (20, "green", 0.9));

        var found = (await PostAsync(index, ("video_id", video.Id), ("time", "12.5"))).Data();

        Assert.Equal((video.Id, 10, 15), Place(found[0]));
        Assert.Equal(2, found.Length);
        Assert.Equal((other.Id, 20, 25), Place(found[1]));
    }

    [Fact]
    public async Task Without_a_time_the_picture_in_the_middle_of_the_video_is_used()
    {
        var (index, video) = await ColoursAsync();
        // The video has a duration of 60.5 seconds, and its last picture is blue.
        Assert.Equal((video.Id, 15, 25), Place((await PostAsync(index, ("video_id", video.Id))).Data()[0]));
    }

    [Fact]
    public async Task Filters_grouping_and_pages_work_as_in_a_text_search()
    {
        var (index, first) = await ColoursAsync();
        var (second, _) = await _server.AddVideoAsync(index);
        await _server.Database.AddFramesAsync(second, (10, "green", 0.9), (5, "red", 0.8), (10, "green", 0.9));
        var red = await LogoBench.PictureAsync("red");

        var page = await FindAsync(index, red, ("page_limit", "1"), ("group_by", "video"));
        var group = Assert.Single(page.Data());
        Assert.Equal(first.Id, group.GetProperty("id").GetString());
        var token = page.GetProperty("page_info").GetProperty("next_page_token").GetString();
        Assert.Equal(second.Id, (await _client.GetAsync($"/v1.1/search/{token}").JsonAsync()).Data()[0].GetProperty("id").GetString());

        var filtered = await FindAsync(index, red, ("filter", $$"""{"id":["{{second.Id}}"]}"""));
        Assert.All(filtered.Data(), clip => Assert.Equal(second.Id, clip.GetProperty("video_id").GetString()));
        Assert.NotEmpty(filtered.Data());
    }

    [Fact]
    public async Task Invalid_pictures_and_fields_return_an_api_error_and_leave_no_file()
    {
        var (index, video) = await ColoursAsync();
        var good = await LogoBench.PictureAsync("red");
        (byte[]? Picture, (string, string)[] Fields, string Code, string Words)[] wrong =
        [
            (null, [], "parameter_not_provided", "picture, video_id"),
            ([], [], "parameter_not_provided", "picture, video_id"),
            (good, [("video_id", video.Id)], "parameter_invalid", "not both"),
            (good, [("time", "3")], "parameter_invalid", "video_id"),
            (Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), [], "parameter_invalid", "PNG, JPEG, WebP or BMP"),
            (Encoding.UTF8.GetBytes("#EXTM3U\nhttp://127.0.0.1/x.ts"), [], "parameter_invalid", "PNG"),
            (good[..40], [], "parameter_invalid", "decoded"),
            (await LogoBench.PictureAsync("red", "png", "600x600"), [], "parameter_invalid", "250000 pixels"),
            (new byte[20_001], [], "parameter_invalid", "20000 bytes"),
            (good, [("threshold", "best")], "parameter_invalid", "threshold"),
            (good, [("page_limit", "51")], "parameter_invalid", "page_limit"),
            (good, [("page_limit", "many")], "parameter_invalid", "page_limit"),
            (good, [("group_by", "day")], "parameter_invalid", "group_by"),
            (good, [("filter", "{")], "parameter_invalid", "filter"),
            (good, [("filter", """{"duration":"long"}""")], "search_filter_invalid", "duration"),
            (good, [("query", "red")], "parameter_unknown", "query"),
            (null, [("video_id", "x")], "parameter_invalid", "video_id"),
            (null, [("video_id", video.Id), ("time", "-1")], "parameter_invalid", "time"),
            (null, [("video_id", video.Id), ("time", "61")], "parameter_invalid", "within the video"),
        ];
        foreach (var (picture, fields, code, words) in wrong)
            Assert.Contains(words,
                await _client.PostAsync(Path, Form(index.Id, picture, fields)).ErrorAsync(HttpStatusCode.BadRequest, code),
                StringComparison.Ordinal);
        using var withoutIndex = new MultipartFormDataContent { { new ByteArrayContent(good), "picture", "red.png" } };
        Assert.Contains("index_id",
            await _client.PostAsync(Path, withoutIndex).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided"));
        await _client.PostAsync(Path, new StringContent("{}")).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Empty(Directory.EnumerateFiles(System.IO.Path.Combine(_server.Files.Root, "incoming")));
    }

    [Fact]
    public async Task Resources_of_others_are_not_found_and_the_index_needs_the_option_visual()
    {
        var (index, _) = await ColoursAsync();
        var (elsewhere, foreign) = await ColoursAsync();
        var red = await LogoBench.PictureAsync("red");
        var unknown = ObjectIds.New(_server.Clock);
        var foreignIndex = await _server.AddIndexAsync(accountId: await _server.AddAccountAsync());
        foreach (var id in new[] { unknown, foreignIndex.Id })
            await _client.PostAsync(Path, Form(id, red)).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.PostAsync(Path, Form(index.Id, null, ("video_id", foreign.Id)))
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        var speechOnly = await _server.AddIndexAsync(options: ["conversation"]);
        await _client.PostAsync(Path, Form(speechOnly.Id, red)).ErrorAsync(HttpStatusCode.BadRequest, "search_option_not_supported");
        var (waiting, _) = await _server.AddVideoAsync(elsewhere, TaskState.Pending);
        Assert.Contains("not been indexed", await _client.PostAsync(Path, Form(elsewhere.Id, null, ("video_id", waiting.Id)))
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"));
    }

    /// <summary>Adds a video that is green for 10 seconds, red for 5 and blue for 10.</summary>
    private async Task<(VideoIndex Index, Video Video)> ColoursAsync()
    {
        var index = await _server.AddIndexAsync();
        var (video, _) = await _server.AddVideoAsync(index);
        await _server.Database.AddFramesAsync(video, (10, "green", 0.9), (5, "red", 0.95), (10, "blue", 0.9));
        return (index, video);
    }

    private Task<JsonElement> FindAsync(VideoIndex index, byte[] picture, params (string, string)[] fields)
        => _client.PostAsync(Path, Form(index.Id, picture, fields)).JsonAsync();

    private Task<JsonElement> PostAsync(VideoIndex index, params (string, string)[] fields)
        => _client.PostAsync(Path, Form(index.Id, null, fields)).JsonAsync();

    private static MultipartFormDataContent Form(string indexId, byte[]? picture, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new StringContent(indexId), "index_id" } };
        if (picture is not null)
            form.Add(new ByteArrayContent(picture), "picture", "picture.png");
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    private static (string? Video, int Start, int End) Place(JsonElement clip)
        => (clip.GetProperty("video_id").GetString(), clip.GetProperty("start").GetInt32(), clip.GetProperty("end").GetInt32());
}
