using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using static VideoUnderstanding.IntegrationTests.Classify.ClassifyCalls;

namespace VideoUnderstanding.IntegrationTests.Classify;

public sealed class ClassifyErrorTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private const string Red = """[{"name":"x","prompts":["red"]}]""";

    private TestServer Server => fixture.Server;

    [Theory]
    [InlineData("""{}""", "parameter_not_provided", "ID, options, labels")]
    [InlineData("""{"ID":null,"options":["visual"],"labels":RED}""", "parameter_not_provided", "ID")]
    [InlineData("""{"ID":"x","options":["visual"],"labels":RED}""", "parameter_invalid", "ID")]
    [InlineData("""{"ID":"VALUE","options":[],"labels":RED}""", "parameter_invalid", "options")]
    [InlineData("""{"ID":"VALUE","options":"visual","labels":RED}""", "parameter_invalid", "options")]
    [InlineData("""{"ID":"VALUE","options":["smell"],"labels":RED}""", "search_option_not_supported", "visual, conversation")]
    [InlineData("""{"ID":"VALUE","options":["text_in_video"],"labels":RED}""", "search_option_not_supported", "text_in_video")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":["red"],"options":["logo"]}]}""",
        "search_option_not_supported", "logo")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[]}""", "parameter_invalid", "labels")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[null]}""", "parameter_invalid", "labels")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":["red"]}""", "parameter_invalid", "labels")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"classes":[{}]}""", "parameter_not_provided", "classes[0].name, classes[0].prompts")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":" ","prompts":["red"]}]}""", "parameter_invalid", "labels[0].name")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":[]}]}""", "parameter_invalid", "labels[0].prompts")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":["red",null]}]}""", "parameter_invalid",
        "labels[0].prompts")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":["red"],"colour":1}]}""", "parameter_unknown",
        "labels[0].colour")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":["red"],"options":[]}]}""", "parameter_invalid",
        "labels[0].options")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"classes":RED}""", "parameter_invalid", "two names")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"conversation_option":"loud"}""", "parameter_invalid",
        "semantic, exact_match")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"conversation_option":"exact_match"}""",
        "classify_option_combination_not_supported", "exact_match")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":[{"name":"x","prompts":["red"],"conversation_option":"exact_match"}]}""",
        "classify_option_combination_not_supported", "labels[0]")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"threshold":"mid"}""", "parameter_invalid", "high, medium, low, none")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"threshold":70}""", "parameter_invalid", "threshold")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"threshold":{"min_clip_score":101}}""", "parameter_invalid", "0 to 100")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"threshold":{"min_duration_ratio":"half"}}""", "parameter_invalid",
        "0 to 1")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"threshold":{"min_score":1}}""", "parameter_unknown",
        "threshold.min_score")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"include_clips":"yes"}""", "parameter_invalid", "include_clips")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"show_detailed_score":"yes"}""", "parameter_invalid",
        "show_detailed_score")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"page_limit":51}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"page_limit":0}""", "parameter_invalid", "1 to 50")]
    [InlineData("""{"ID":"VALUE","options":["visual"],"labels":RED,"colour":"red"}""", "parameter_unknown", "colour")]
    public async Task A_wrong_request_is_refused_with_the_reason_on_both_routes(string body, string code, string words)
    {
        var index = await Server.AddIndexAsync(options: ["visual", "conversation"]);
        var (video, _) = await Server.AddVideoAsync(index);
        using var client = Server.CreateClient();
        foreach (var (path, name, value) in new[]
        {
            ("/v1.1/classify", "video_id", video.Id), ("/v1.1/classify/bulk", "index_id", index.Id),
        })
        {
            var sent = new StringContent(body.Replace("ID", name).Replace("VALUE", value).Replace("RED", Red));
            var message = await client.PostAsync(path, sent).ErrorAsync(HttpStatusCode.BadRequest, code);
            Assert.Contains(words.Replace("ID", name), message);
        }
    }

    [Fact]
    public async Task Exact_match_of_a_request_applies_only_to_labels_with_conversation()
    {
        var video = await Server.AddColoursAsync(await Server.AddIndexAsync(), (60, "red", 0.9));
        var answer = await Server.PostAsync("/v1.1/classify", new
        {
            video_id = video.Id, options = Visual, conversation_option = "exact_match",
            labels = new object[]
            {
                Label("seen", "red"), new { name = "said", prompts = new[] { "red" }, options = new[] { "conversation" } },
            },
        });
        Assert.Equal(["seen"], answer.LabelNames());
    }

    [Fact]
    public async Task A_hundred_prompts_are_allowed_and_one_more_is_not()
    {
        var video = await Server.AddColoursAsync(await Server.AddIndexAsync(), (60, "red", 0.9));
        using var client = Server.CreateClient();
        object Request(int more) => new
        {
            video_id = video.Id, options = Visual,
            labels = new[]
            {
                Label("x", [.. Enumerable.Range(0, 60).Select(i => $"red {i}")]),
                Label("y", [.. Enumerable.Range(0, 40 + more).Select(i => $"green {i}")]),
            },
        };

        Assert.Equal(["x"], (await Server.PostAsync("/v1.1/classify", Request(0))).LabelNames());
        var message = await client.PostAsJsonAsync("/v1.1/classify", Request(1))
            .ErrorAsync(HttpStatusCode.BadRequest, "classify_prompts_limit_exceeded");
        Assert.Contains("101 prompts; at most 100", message);
    }

    [Fact]
    public async Task Unknown_deleted_and_foreign_resources_are_not_found()
    {
        var foreign = await Server.AddIndexAsync(accountId: await Server.AddAccountAsync());
        var deleted = await Server.AddIndexAsync();
        var ofForeign = await Server.AddColoursAsync(foreign, (60, "red", 0.9));
        var ofDeleted = await Server.AddColoursAsync(deleted, (60, "red", 0.9));
        await using (var db = Server.Database.Open())
            await db.Indexes.Where(row => row.Id == deleted.Id)
                .ExecuteUpdateAsync(row => row.SetProperty(index => index.DeletedAt, Server.Clock.GetUtcNow()));
        using var client = Server.CreateClient();
        var unknown = new string('f', 24);
        foreach (var id in new[] { foreign.Id, deleted.Id, unknown })
            Assert.Contains($"{id} does not exist in indexes",
                await client.PostAsJsonAsync("/v1.1/classify/bulk",
                    new { index_id = id, options = Visual, labels = new[] { Label("x", "red") } })
                    .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"));
        foreach (var id in new[] { ofForeign.Id, ofDeleted.Id, unknown })
        {
            Assert.Contains($"{id} does not exist in videos",
                await client.PostAsJsonAsync("/v1.1/classify",
                    new { video_id = id, options = Visual, labels = new[] { Label("x", "red") } })
                    .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist"));
            await client.PostAsJsonAsync("/v1.1/classify",
                new { video_ids = new[] { id }, options = Visual, labels = new[] { Label("x", "red") } })
                .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        }
    }

    [Theory]
    [InlineData("""{"video_ids":[],"options":["visual"],"labels":RED}""", "video_ids")]
    [InlineData("""{"video_ids":["x"],"options":["visual"],"labels":RED}""", "video_ids")]
    [InlineData("""{"video_ids":[null],"options":["visual"],"labels":RED}""", "video_ids")]
    [InlineData("""{"video_ids":["0123456789abcdef01234567"],"video_id":"0123456789abcdef01234567","options":["visual"],"labels":RED}""",
        "two names")]
    public async Task A_wrong_list_of_videos_is_refused(string body, string words)
    {
        using var client = Server.CreateClient();
        Assert.Contains(words,
            await client.PostAsync("/v1.1/classify", new StringContent(body.Replace("RED", Red)))
                .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid"));
    }

    [Theory]
    [InlineData("/v1.1/classify")]
    [InlineData("/v1.1/classify/bulk/")]
    [InlineData("/p/v1.1/classify/bulk")]
    public async Task A_key_is_needed(string path)
    {
        using var client = Server.CreateClient(withKey: false);
        await client.PostAsJsonAsync(path, new { }).ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }
}
