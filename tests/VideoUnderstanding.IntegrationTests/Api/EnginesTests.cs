using System.Net;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class EnginesTests(TestServer server) : IClassFixture<TestServer>
{
    private readonly HttpClient _client = server.CreateClient();

    [Fact]
    public async Task All_engines_are_listed_without_pages_and_with_all_members()
    {
        var answer = await _client.GetAsync("/v1.1/engines").JsonAsync();

        Assert.Equal(["data"], answer.Names());
        Assert.Equal(["marengo2.5", "marengo2", "marengo"], answer.Data().Select(engine => engine.Id()));
        Assert.All(answer.Data(),
            engine
                => Assert.Equal(["_id", "author", "allowed_index_options", "ready", "finetune", "created_at", "updated_at"],
                    engine.Names()));
    }

    [Fact]
    public async Task One_engine_is_returned_without_a_wrapper()
    {
        var engine = await _client.GetAsync("/v1.1/engines/marengo2").JsonAsync();

        Assert.Equal("marengo2", engine.Id());
        Assert.Equal("2022-07-04T03:05:27.068Z", engine.GetProperty("created_at").GetString());
    }

    [Fact]
    public async Task An_unknown_engine_is_not_found()
    {
        var message = await _client.GetAsync("/v1.1/engines/pegasus").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Contains("engines", message, StringComparison.Ordinal);
    }
}
