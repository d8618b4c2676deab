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

/// <summary>Logos in searches, in classification and in <c>/logo</c>, over HTTP.</summary>
public sealed class LogoSearchTests(SearchServer fixture) : IClassFixture<SearchServer>, IAsyncLifetime
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
    public async Task A_logo_added_after_indexing_is_found_and_a_removed_one_is_not()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null, (10.2, 12.7, "red", 0.98), (20, 24, "red", 0.85), (30, 31, "blue", 0.99));
        Assert.Empty(await _client.SearchAsync(index.Id, "acme", "none"));
        Assert.Equal("null", (await _client.LogosOfAsync(video)).GetProperty("data").GetRawText());

        var id = await _client.AddLogoAsync("Acme Shipping", "red");
        var clip = Assert.Single(await _client.SearchAsync(index.Id, "the acme logo", "none"));
        Assert.Equal((10, 13, "Acme Shipping"), clip.TimesAndText());
        Assert.Equal("logo", clip.GetProperty("metadata")[0].GetProperty("type").GetString());
        Assert.InRange(clip.GetProperty("score").GetDouble(), 83, 92.28);
        Assert.Equal("high", clip.GetProperty("confidence").GetString());
        var logo = Assert.Single((await _client.LogosOfAsync(video)).Data());
        Assert.Equal(["start", "end", "value", "score"], logo.Names());
        Assert.Equal(Math.Round(clip.GetProperty("score").GetDouble() / 100, 2), logo.GetProperty("score").GetDouble());

        await _client.DeleteAsync($"/admin/logos/{id}").EmptyAsync(System.Net.HttpStatusCode.NoContent);
        Assert.Empty(await _client.SearchAsync(index.Id, "acme", "none"));
        Assert.Equal("null", (await _client.LogosOfAsync(video)).GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task The_gallery_of_another_account_is_not_used()
    {
        var other = await Server.AddAccountAsync();
        await Server.SaveAsync(new Logo
        {
            Id = ObjectIds.New(Server.Clock), AccountId = other, Name = "Acme", Picture = [1], MediaType = "image/png",
            CreatedAt = Server.Clock.GetUtcNow(), Vectors = [new LogoVector { Model = "", Embedding = ColourVectors.Picture("red", 1) }],
        });
        var (index, video) = await Server.AddLogoVideoAsync(null, (10, 12, "red", 1));
        Assert.Empty(await _client.SearchAsync(index.Id, "acme", "none"));
        Assert.Equal("null", (await _client.LogosOfAsync(video)).GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task A_region_similar_to_two_logos_counts_for_the_nearer_one_only()
    {
        // Both logos are above the minimum similarity; blue is nearer.
        var between = new float[ColourVectors.Dimensions];
        (between[0], between[2]) = (0.1f, 0.9f);
        var (index, video) = await Server.AddLogoVideoAsync(null);
        var mixed = Array.ConvertAll(between, value => (Half)(value / MathF.Sqrt(0.82f)));
        await Server.SaveAsync(LogoBench.Region(video, 5, 7, new HalfVector(mixed)));
        var near = new HalfVector(Array.ConvertAll(new[] { 0.3f, 0, 0.95f, 0, 0, 0, 0, 0 }, value => (Half)value));
        await Server.SaveAsync(new Logo
        {
            Id = ObjectIds.New(Server.Clock), AccountId = Server.AccountId, Name = "Purple", Picture = [1], MediaType = "image/png",
            CreatedAt = Server.Clock.GetUtcNow(), Vectors = [new LogoVector { Model = "", Embedding = near }],
        });
        Assert.Single(await _client.SearchAsync(index.Id, "purple", "none"));
        await _client.AddLogoAsync("Bluebird", "blue");
        Assert.Empty(await _client.SearchAsync(index.Id, "purple", "none"));
        Assert.Equal((5, 7, "Bluebird"), Assert.Single(await _client.SearchAsync(index.Id, "bluebird")).TimesAndText());
    }

    [Fact]
    public async Task A_brand_of_the_gallery_is_found_in_screen_text_too()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null, (4, 6, "green", 0.99));
        await Server.AddLinesAsync(video, (5.5, 8, "ACME SHIPPING LTD"));
        Assert.Empty(await _client.SearchAsync(index.Id, "acme shipping", "none"));
        await _client.AddLogoAsync("Acme Shipping", "green");

        var clip = Assert.Single(await _client.SearchAsync(index.Id, "acme shipping"));
        Assert.Equal((4, 8, "Acme Shipping"), clip.TimesAndText());
        Assert.Equal(92.28, clip.GetProperty("score").GetDouble());
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?start=0&end=5", 1)]
    [InlineData("?start=3&end=3", 1)]
    [InlineData("?start=8", 1)]
    [InlineData("?end=2", 0)]
    [InlineData("?start=12.5&end=18", 0)]
    public async Task The_logo_list_of_a_video_is_limited_to_the_requested_time_range(string query, int found)
    {
        var (_, video) = await Server.AddLogoVideoAsync(null);
        await Server.AddLinesAsync(video, (3.4, 6.6, "VOLVO"), (20, 22.2, "PEPSI"));
        var answer = await _client.LogosOfAsync(video, query);
        Assert.Equal(["id", "index_id", "data"], answer.Names());
        Assert.Equal((video.Id, video.IndexId), (answer.GetProperty("id").GetString(), answer.GetProperty("index_id").GetString()));
        if (found == 0)
            Assert.Equal("null", answer.GetProperty("data").GetRawText());
        else
            Assert.Equal(found, answer.Data().Length);
    }

    [Fact]
    public async Task A_reversed_time_range_is_refused_and_a_video_without_the_option_has_null()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null);
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/logo?start=5&end=4")
            .ErrorAsync(System.Net.HttpStatusCode.BadRequest, "parameter_invalid");
        var plain = await Server.AddIndexAsync();
        var (without, _) = await Server.AddVideoAsync(plain);
        var (working, _) = await Server.AddVideoAsync(index, TaskState.Indexing);
        foreach (var one in new[] { without, working })
        {
            await Server.AddLinesAsync(one, (3, 6, "VOLVO"));
            Assert.Equal("null", (await _client.LogosOfAsync(one)).GetProperty("data").GetRawText());
        }
    }

    [Fact]
    public async Task Text_read_only_for_brand_names_is_not_returned_as_screen_text()
    {
        var index = await Server.AddIndexAsync(options: ["logo"]);
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.AddLinesAsync(video, (3, 6, "VOLVO"));
        Assert.Equal("null",
            (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}/text-in-video").JsonAsync()).GetProperty("data")
                .GetRawText());
        Assert.Single((await _client.LogosOfAsync(video)).Data());
    }

    [Fact]
    public async Task Logos_are_combined_with_other_options_and_in_combined_queries()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null);
        await Server.AddLinesAsync(video, (20, 28, "VOLVO"), (40, 44, "VOLVO"));
        await Server.Database.AddFramesAsync(video, (20, "green", 0.9), (8, "red", 0.9), (20, "green", 0.9));

        var both = await _client.SearchAsync(index.Id, "a red volvo", "low", "visual", "logo");
        Assert.Equal(["visual", "logo"],
            both[0].GetProperty("metadata").EnumerateArray().Select(part => part.GetProperty("type").GetString()).OrderDescending());
        Assert.Equal(2, both[0].GetProperty("modules").GetArrayLength());
        var query = new Dictionary<string, object>
        {
            ["$and"] = new object[]
            {
                new { text = "red", search_options = new[] { "visual" } }, new { text = "volvo", search_options = new[] { "logo" } },
            },
        };
        var joined = (await _client.PostAsJsonAsync("/v1.1/beta/search", new { index_id = index.Id, query }).JsonAsync()).Data();
        Assert.Equal(20, Assert.Single(joined).GetProperty("start").GetDouble());
    }

    [Fact]
    public async Task A_classification_labels_a_video_by_its_logo()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null, (0, 40, "red", 0.99), (50, 52, "blue", 0.99));
        await _client.AddLogoAsync("Acme", "red");
        await _client.AddLogoAsync("Bluebird", "blue");
        var labels = new[]
        {
            new { name = "ads of acme", prompts = new[] { "acme logo" } }, new { name = "ads of bluebird", prompts = new[] { "bluebird" } },
        };
        var answer = await _client.PostAsJsonAsync("/v1.1/classify",
            new { video_id = video.Id, options = new[] { "logo" }, labels, include_clips = true }).JsonAsync();
        var label = Assert.Single(answer.GetProperty("labels").EnumerateArray());
        Assert.Equal("ads of acme", label.GetProperty("name").GetString());
        Assert.Equal((0, 40, "logo"),
            (label.GetProperty("clips")[0].GetProperty("start").GetInt32(), label.GetProperty("clips")[0].GetProperty("end").GetInt32(),
                label.GetProperty("clips")[0].GetProperty("option").GetString()));
        Assert.Single(
            (await _client.PostAsJsonAsync("/v1.1/classify/bulk", new { index_id = index.Id, options = new[] { "logo" }, labels })
                .JsonAsync()).Data());
    }

    [Fact]
    public async Task Filters_and_deletion_apply_to_logos()
    {
        var (index, video) = await Server.AddLogoVideoAsync(null, (3, 6, "red", 0.99));
        await _client.AddLogoAsync("Acme", "red");
        async Task<int> FoundAsync(string id) => (await _client.PostAsJsonAsync("/v1.1/search",
            new { index_id = index.Id, query = "acme", search_options = new[] { "logo" }, filter = new { id = new[] { id } } }).JsonAsync())
            .Data().Length;
        Assert.Equal(1, await FoundAsync(video.Id));
        Assert.Equal(0, await FoundAsync(ObjectIds.New(Server.Clock)));

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(System.Net.HttpStatusCode.NoContent);
        await using var db = Server.Database.Open();
        Assert.False(await db.LogoRegions.AnyAsync(region => region.VideoId == video.Id));
    }

    [Fact]
    public async Task Both_spellings_of_the_option_create_an_index_with_logos()
    {
        foreach (var (options, addons) in new[]
        {
            (new[] { "visual", "logo" }, new[] { "thumbnail" }), (["visual"], ["thumbnail", "logo"]), (["visual", "logo"], ["logo"]),
        })
        {
            var created = await _client.PostAsJsonAsync("/v1.1/indexes",
                new { engine_id = "marengo2", index_name = $"{Guid.NewGuid()}", index_options = options, addons })
                .JsonAsync(System.Net.HttpStatusCode.Created);
            var index = await _client.GetAsync($"/v1.1/indexes/{created.Id()}").JsonAsync();
            Assert.Equal("""["visual","logo"]""", index.GetProperty("index_options").GetRawText());
            Assert.Equal(addons, index.GetProperty("addons").EnumerateArray().Select(addon => addon.GetString()));
            Assert.Empty(await _client.SearchAsync(created.Id(), "volvo"));
        }
    }
}
