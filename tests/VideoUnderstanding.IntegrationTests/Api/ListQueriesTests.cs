using System.Net;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class ListQueriesTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Fact]
    public async Task An_empty_list_is_one_empty_page()
    {
        var answer = await _client.GetAsync("/v1.1/indexes?index_name=no-such-name").JsonAsync();
        Assert.Equal("""{"data":[],"page_info":{"limit_per_page":10,"page":1,"total_page":1,"total_results":0}}""", answer.GetRawText());
    }

    [Fact]
    public async Task Indexes_are_listed_oldest_first_without_a_sort_parameter()
    {
        await using var own = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        using var client = own.CreateClient();
        foreach (var name in (string[])["one", "two", "three"])
            await own.AddIndexAsync(name);

        Assert.Equal("one,two,three", await NamesAsync(client, ""));
        Assert.Equal("three,two,one", await NamesAsync(client, "?sort_by=created_at"));
        Assert.Equal("one,two,three", await NamesAsync(client, "?sort_by=updated_at&sort_option=asc"));
        Assert.Equal("three,two,one", await NamesAsync(client, "?sort_option=desc"));
        Assert.Equal("three", await NamesAsync(client, "?page=2&page_limit=2"));
        Assert.Equal("", await NamesAsync(client, "?page=2147483647&page_limit=50"));
        var info = (await client.GetAsync("/v1.1/indexes?page=2&page_limit=2").JsonAsync()).GetProperty("page_info").GetRawText();
        Assert.Equal("""{"limit_per_page":2,"page":2,"total_page":2,"total_results":3}""", info);
    }

    [Fact]
    public async Task Pages_are_stable_when_times_are_equal()
    {
        var index = await server.AddIndexAsync();
        var now = server.Clock.GetUtcNow();
        var ids = Enumerable.Range(0, 7).Select(_ => ObjectIds.New(server.Clock)).ToArray();
        await server.SaveAsync(
            [.. ids.Select(id => (object)new Video
            {
                Id = id, AccountId = server.AccountId, IndexId = index.Id, Filename = "same.mp4", CreatedAt = now, UpdatedAt = now,
            })]);

        var paged = new List<string>();
        for (var page = 1; page <= 4; page++)
            paged.AddRange((await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos?page={page}&page_limit=2").JsonAsync()).Data()
                .Select(video => video.Id()));
        Assert.Equal(ids.OrderDescending(StringComparer.Ordinal), paged);
    }

    [Theory]
    [InlineData("page=0")]
    [InlineData("page=-1")]
    [InlineData("page=one")]
    [InlineData("page=99999999999")]
    [InlineData("page_limit=51")]
    [InlineData("page_limit=0")]
    [InlineData("page_limit=1.5")]
    [InlineData("page=1&page=2")]
    [InlineData("sort_by=name")]
    [InlineData("sort_option=up")]
    [InlineData("_id=abc")]
    [InlineData("created_at=yesterday")]
    [InlineData("created_at=12")]
    [InlineData("created_at[gte]=2022-02-30")]
    [InlineData("deleted=perhaps")]
    [InlineData("index_name[gte]=a")]
    [InlineData("index_name=a%00b")]
    public async Task A_wrong_list_parameter_is_refused(string query)
        => await _client.GetAsync($"/v1.1/indexes?{query}").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");

    [Fact]
    public async Task An_unknown_filter_is_refused()
    {
        await _client.GetAsync("/v1.1/indexes?colour=red").ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown");
        Assert.Contains("Did you mean index_name?",
            await _client.GetAsync("/v1.1/indexes?indexname=red").ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown"),
            StringComparison.Ordinal);
        await _client.GetAsync("/v1.1/tasks?needs_review=true").ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown");
    }

    [Fact]
    public async Task Indexes_are_filtered_by_options_and_must_have_all_of_them()
    {
        await using var own = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>());
        using var client = own.CreateClient();
        await own.AddIndexAsync("both", ["visual", "conversation"]);
        await own.AddIndexAsync("one", ["visual"]);

        Assert.Equal("both,one", await NamesAsync(client, "?index_options=visual"));
        Assert.Equal("both", await NamesAsync(client, "?index_options=visual,conversation"));
        Assert.Equal("both", await NamesAsync(client, "?index_options=conversation%2C visual"));
        Assert.Equal("both", await NamesAsync(client, "?index_options=visual&index_options=conversation"));
        Assert.Equal("both", await NamesAsync(client, "?index_options[]=visual&index_options%5B%5D=conversation"));
        Assert.Equal("both", await NamesAsync(client, "?indexOptions=visual&index_options=conversation"));
        Assert.Equal("both,one", await NamesAsync(client, "?index_options=visual&index_options="));
        Assert.Equal("", await NamesAsync(client, "?index_options=text_in_video"));
    }

    [Theory]
    [InlineData("page_limit=2.0&pageLimit=", 2, 1)]
    [InlineData("pageLimit=2", 2, 1)]
    [InlineData("page_limit=1e1&page=2.0", 10, 2)]
    public async Task Integers_may_have_a_zero_fraction_and_parameters_may_be_in_camel_case(string query, int limit, int page)
    {
        var info = (await _client.GetAsync($"/v1.1/tasks?{query}").JsonAsync()).GetProperty("page_info");
        Assert.Equal((limit, page), (info.GetProperty("limit_per_page").GetInt32(), info.GetProperty("page").GetInt32()));
    }

    [Fact]
    public async Task Fields_of_lists_may_be_written_in_camel_case()
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index, custom: """{"Title":"north","createdAt":"never"}""");

        async Task<int> CountAsync(string query)
            => (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos?{query}").JsonAsync()).Data().Length;
        Assert.Equal(1, await CountAsync("createdAt[gte]=2022-01-01&sortBy=updatedAt&sortOption=asc"));
        Assert.Equal(0, await CountAsync("createdAt[lte]=2022-01-01"));
        Assert.Equal(0, await CountAsync("createdAt%5Blte%5D=2022-01-01"));
        // Title is no field of the API, so it is a field of the custom metadata.
        Assert.Equal(1, await CountAsync("Title=north"));
        await _client.GetAsync($"/v1.1/tasks?indexId={index.Id}").JsonAsync();
        await _client.GetAsync("/v1.1/tasks?createdAt[gte]=2022-01-01&created_at[gte]=2022-01-01")
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Theory]
    [InlineData("created_at=2022-05-17", "noon,night")]
    [InlineData("created_at[lte]=2022-05-17", "before,noon,night")]
    [InlineData("created_at[gte]=2022-05-17", "noon,night,after")]
    [InlineData("created_at%5Bgte%5D=2022-05-17&created_at%5Blte%5D=2022-05-17", "noon,night")]
    [InlineData("created_at=2022-05-17T12:02:00.123Z", "noon")]
    [InlineData("created_at=2022-05-17T14:02:00.123%2B02:00", "noon")]
    [InlineData("created_at=2022-05-17T14:02:00.123+02:00", "noon")]
    [InlineData("created_at=2022-05-17T12:02:00Z", "")]
    [InlineData("created_at[gte]=2022-05-17T12:02:00.124Z", "night,after")]
    [InlineData("created_at[lte]=2022-05-17T12:02:00.123Z", "before,noon")]
    [InlineData("created_at[lte]=9999-12-31", "before,noon,night,after")]
    [InlineData("created_at[gte]=0001-01-01", "before,noon,night,after")]
    public async Task A_date_matches_the_whole_day_and_a_time_its_millisecond(string query, string expected)
    {
        var index = await server.AddIndexAsync();
        (string Name, string At)[] tasks =
            [("before", "2022-05-16T23:59:59.9999Z"), ("noon", "2022-05-17T12:02:00.1234Z"), ("night", "2022-05-17T23:59:59.999Z"),
                ("after", "2022-05-18T00:00:00Z")];
        foreach (var (name, at) in tasks)
            await server.SaveAsync(NewTask(index, name, DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

        var answer = await _client.GetAsync($"/v1.1/tasks?index_id={index.Id}&sort_option=asc&{query}").JsonAsync();
        Assert.Equal(expected,
            string.Join(',', answer.Data().Select(task => task.GetProperty("metadata").GetProperty("filename").GetString())));
    }

    [Theory]
    [InlineData("duration=810", 1)]
    [InlineData("duration=810.84", 1)]
    [InlineData("duration=811", 0)]
    [InlineData("duration[gte]=810.84", 1)]
    [InlineData("duration[gte]=810.85", 0)]
    [InlineData("duration[lte]=810", 0)]
    [InlineData("duration[gte]=810&duration[lte]=811&width=640", 1)]
    [InlineData("duration=810&width=641", 0)]
    [InlineData("fps[gte]=24.9", 1)]
    [InlineData("size=1000", 1)]
    [InlineData("filename=harbour.mp4", 1)]
    [InlineData("filename=Harbour.mp4", 1)]
    public async Task An_exact_duration_compares_the_value_rounded_down_and_bounds_compare_exactly(string query, int expected)
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index, duration: 810.84, filename: "harbour.mp4");
        await server.AddVideoAsync(index, duration: null, filename: "not probed.mp4", state: TaskState.Validating);

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos?{query}&indexed_at[gte]=2000-01-01").JsonAsync();
        Assert.Equal(expected, answer.Data().Length);
    }

    [Theory]
    [InlineData("needs_review=true", 1)]
    [InlineData("needs_review=True", 1)]
    [InlineData("needs_review=false", 0)]
    [InlineData("camera=north", 1)]
    [InlineData("camera=North", 1)]
    [InlineData("shift=3", 1)]
    [InlineData("shift=3.0", 1)]
    [InlineData("shift[gte]=3", 1)]
    [InlineData("shift[gte]=3.1", 0)]
    [InlineData("gain[gte]=1&gain[lte]=1.5", 1)]
    [InlineData("code=007", 1)]
    [InlineData("code=7", 0)]
    [InlineData("camera[gte]=1", 0)]
    [InlineData("missing=1", 0)]
    [InlineData("we%22ird[lte]=0", 1)]
    [InlineData("title=The quay", 0)]
    public async Task Unknown_names_on_the_list_of_videos_are_metadata_compared_with_the_stored_type(string query, int expected)
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index,
            custom: """{"needs_review":true,"camera":"north","shift":3,"gain":1.5,"code":"007","we\"ird":-1}""");
        await server.AddVideoAsync(index);

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos?{query}").JsonAsync();
        Assert.Equal(expected, answer.Data().Length);
    }

    [Fact]
    public async Task Tasks_are_found_by_state_index_and_estimated_time_newest_first()
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index, TaskState.Ready, filename: "first");
        await server.AddVideoAsync(index, TaskState.Failed, filename: "second");
        await server.AddVideoAsync(index, TaskState.Ready, filename: "third");

        var answer = await _client.GetAsync($"/v1.1/tasks?index_id={index.Id}&status=ready").JsonAsync();
        Assert.Equal(["third", "first"], answer.Data().Select(FilenameOf));
        Assert.Empty((await _client.GetAsync($"/v1.1/tasks?index_id={index.Id}&estimated_time[gte]=2000-01-01").JsonAsync()).Data());
        Assert.Empty((await _client.GetAsync("/v1.1/tasks?status=queued").JsonAsync()).Data());
        await _client.GetAsync("/v1.1/tasks?status=sleeping").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        await _client.GetAsync("/v1.1/tasks?status=1").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    private static string? FilenameOf(JsonElement task) => task.GetProperty("metadata").GetProperty("filename").GetString();

    private static async Task<string> NamesAsync(HttpClient client, string query)
        => string.Join(',',
            (await client.GetAsync($"/v1.1/indexes{query}").JsonAsync()).Data()
                .Select(index => index.GetProperty("index_name").GetString()));

    private IndexingTask NewTask(VideoIndex index, string name, DateTimeOffset createdAt) => new()
    {
        Id = ObjectIds.New(server.Clock),
        AccountId = server.AccountId,
        IndexId = index.Id,
        VideoId = ObjectIds.New(server.Clock),
        Filename = name,
        Language = "en",
        CreatedAt = createdAt,
        UpdatedAt = createdAt,
    };
}
