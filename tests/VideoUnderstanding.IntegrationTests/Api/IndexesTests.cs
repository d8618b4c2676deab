using System.Net;
using System.Net.Http.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class IndexesTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    private static object Request(string name, string engine = "marengo2", string[]? options = null, string[]? addons = null)
        => new { engine_id = engine, index_options = options ?? ["visual", "conversation"], index_name = name, addons };

    [Fact]
    public async Task A_created_index_is_read_back_with_all_its_members()
    {
        var created = await _client.PostAsJsonAsync("/v1.1/indexes", Request("harbour", addons: ["thumbnail"]))
            .JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["_id"], created.Names());

        var index = await _client.GetAsync($"/v1.1/indexes/{created.Id()}").JsonAsync();

        Assert.Equal(
            ["_id", "index_name", "engine_id", "index_options", "addons", "video_count", "total_duration", "created_at", "updated_at",
                "expires_at"], index.Names());
        Assert.Equal("harbour", index.GetProperty("index_name").GetString());
        Assert.Equal("""["visual","conversation"]""", index.GetProperty("index_options").GetRawText());
        Assert.Equal("""["thumbnail"]""", index.GetProperty("addons").GetRawText());
        Assert.Equal(0, index.GetProperty("video_count").GetInt32());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", index.GetProperty("created_at").GetString());
        Assert.Equal("2099-12-31T23:59:59.000Z", index.GetProperty("expires_at").GetString());
    }

    [Theory]
    [InlineData("""{"index_options":["visual"],"index_name":"a"}""", "parameter_not_provided", "engine_id")]
    [InlineData("""{"engine_id":"pegasus","index_options":["visual"],"index_name":"a"}""", "parameter_invalid",
        "marengo2.5, marengo2, marengo")]
    [InlineData("""{"engine_id":"marengo2","index_options":[],"index_name":"a"}""", "parameter_invalid", "index_options")]
    [InlineData("""{"engine_id":"marengo2","index_options":["smell"],"index_name":"a"}""", "parameter_invalid",
        "visual, conversation, text_in_video")]
    [InlineData("""{"engine_id":"marengo2","index_options":["visual",null],"index_name":"a"}""", "parameter_invalid", "index_options")]
    [InlineData("""{"engine_id":"marengo2","index_options":["visual","visual"],"index_name":"a"}""", "parameter_invalid", "twice")]
    [InlineData("""{"engine_id":"marengo2","index_options":["visual"],"index_name":" "}""", "parameter_invalid", "index_name")]
    [InlineData("""{"engine_id":"marengo2","index_options":["visual"],"index_name":"a","addons":["sound"]}""", "parameter_invalid",
        "addons")]
    public async Task A_wrong_index_is_refused(string body, string code, string words)
    {
        var message = await _client.PostAsync("/v1.1/indexes", new StringContent(body)).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overlong_name_is_refused()
        => await _client.PostAsJsonAsync("/v1.1/indexes", Request(new string('n', 5000)))
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");

    [Fact]
    public async Task A_name_in_use_is_refused_for_creating_and_renaming_until_its_index_is_deleted()
    {
        var first = await _client.PostAsJsonAsync("/v1.1/indexes", Request("taken")).JsonAsync(HttpStatusCode.Created);
        var second = await _client.PostAsJsonAsync("/v1.1/indexes", Request("free")).JsonAsync(HttpStatusCode.Created);

        await _client.PostAsJsonAsync("/v1.1/indexes", Request("taken")).ErrorAsync(HttpStatusCode.Conflict, "index_name_already_exists");
        await _client.PutAsJsonAsync($"/v1.1/indexes/{second.Id()}", new { index_name = "taken" })
            .ErrorAsync(HttpStatusCode.Conflict, "index_name_already_exists");
        await _client.DeleteAsync($"/v1.1/indexes/{first.Id()}").EmptyAsync(HttpStatusCode.NoContent);
        await _client.PutAsJsonAsync($"/v1.1/indexes/{second.Id()}", new { index_name = "taken" }).EmptyAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Renaming_changes_the_name_and_the_time_of_change_only()
    {
        var index = await server.AddIndexAsync("before");
        await _client.PutAsJsonAsync($"/v1.1/indexes/{index.Id}", new { index_name = "after" }).EmptyAsync(HttpStatusCode.OK);

        var renamed = await _client.GetAsync($"/v1.1/indexes/{index.Id}").JsonAsync();
        Assert.Equal("after", renamed.GetProperty("index_name").GetString());
        Assert.True(renamed.GetProperty("updated_at").GetDateTimeOffset() > renamed.GetProperty("created_at").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("""{"index_name":"x","index_options":["visual"]}""", "index_option_cannot_be_changed")]
    [InlineData("""{"engine_id":"marengo"}""", "index_engine_cannot_be_changed")]
    [InlineData("{}", "parameter_not_provided")]
    [InlineData("""{"index_name":null}""", "parameter_not_provided")]
    [InlineData("""{"index_name":"x","addons":[]}""", "parameter_unknown")]
    public async Task Only_the_name_of_an_index_can_be_changed(string body, string code)
    {
        var index = await server.AddIndexAsync();
        await _client.PutAsync($"/v1.1/indexes/{index.Id}", new StringContent(body)).ErrorAsync(HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Counts_and_durations_cover_indexed_videos_only()
    {
        var index = await server.AddIndexAsync();
        await server.AddVideoAsync(index, duration: 10.25);
        await server.AddVideoAsync(index, duration: 20.5);
        await server.AddVideoAsync(index, TaskState.Indexing, duration: 40);

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}").JsonAsync();
        Assert.Equal(2, answer.GetProperty("video_count").GetInt32());
        Assert.Equal(30.75, answer.GetProperty("total_duration").GetDouble());
    }

    [Fact]
    public async Task A_deleted_index_stays_readable_can_be_deleted_twice_and_hides_its_videos_and_tasks()
    {
        var index = await server.AddIndexAsync("to be deleted");
        var (video, task) = await server.AddVideoAsync(index);
        await File.WriteAllTextAsync(server.Files.VideoPath(video.Id), "bytes");

        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}").EmptyAsync(HttpStatusCode.NoContent);
        await _client.DeleteAsync($"/v1.1/indexes/{index.Id}").EmptyAsync(HttpStatusCode.NoContent);

        var answer = await _client.GetAsync($"/v1.1/indexes/{index.Id}").JsonAsync();
        Assert.True(answer.GetProperty("deleted").GetBoolean());
        Assert.False(File.Exists(server.Files.VideoPath(video.Id)));
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/v1.1/tasks/{task.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/v1.1/tasks/status?index_id={index.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.PutAsJsonAsync($"/v1.1/indexes/{index.Id}", new { index_name = "again" })
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Empty((await _client.GetAsync("/v1.1/indexes?index_name=to be deleted").JsonAsync()).Data());
        Assert.Empty((await _client.GetAsync("/v1.1/indexes?index_name=to be deleted&deleted=").JsonAsync()).Data());
        Assert.Single((await _client.GetAsync("/v1.1/indexes?index_name=to be deleted&deleted=true").JsonAsync()).Data());
    }

    [Theory]
    [InlineData("abc", HttpStatusCode.BadRequest, "parameter_invalid")]
    [InlineData("640080b29a4b2f0c1d3e5a0z", HttpStatusCode.BadRequest, "parameter_invalid")]
    [InlineData("640080b29a4b2f0c1d3e5a02", HttpStatusCode.NotFound, "resource_not_exist")]
    public async Task A_malformed_identifier_and_an_absent_index_have_different_errors(string id, HttpStatusCode status, string code)
    {
        await _client.GetAsync($"/v1.1/indexes/{id}").ErrorAsync(status, code);
        await _client.DeleteAsync($"/v1.1/indexes/{id}").ErrorAsync(status, code);
        await _client.PutAsJsonAsync($"/v1.1/indexes/{id}", new { index_name = "x" }).ErrorAsync(status, code);
        await _client.GetAsync($"/v1.1/indexes/{id}/videos").ErrorAsync(status, code);
    }

    [Fact]
    public async Task Indexes_of_another_account_do_not_exist()
    {
        var foreign = await server.AddIndexAsync(accountId: await server.AddAccountAsync());
        await _client.GetAsync($"/v1.1/indexes/{foreign.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.DeleteAsync($"/v1.1/indexes/{foreign.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Empty((await _client.GetAsync($"/v1.1/indexes?_id={foreign.Id}").JsonAsync()).Data());
    }
}
