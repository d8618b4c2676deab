using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.IntegrationTests.Support;
using static VideoUnderstanding.IntegrationTests.Classify.ClassifyCalls;

namespace VideoUnderstanding.IntegrationTests.Classify;

/// <summary>Limits of the size of a response.</summary>
public sealed class ClassifyLimitTests(DatabaseTemplate template) : IAsyncLifetime
{
    private const string Path = "/v1.1/classify/bulk";
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(
        template,
        new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Classification:MaxClips"] = "100", ["VideoUnderstanding:Classification:MaxLabels"] = "120",
        },
        fakes: services => services.AddColours());

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_answer_with_too_many_clips_or_labels_is_refused_with_the_numbers()
    {
        var index = await _server.AddIndexAsync();
        for (var number = 0; number < 3; number++)
            await _server.AddColoursAsync(index, (60, "red", 0.9));
        using var client = _server.CreateClient();
        object Request(int labels, bool clips) => new
        {
            index_id = index.Id, options = Visual, include_clips = clips,
            labels = Enumerable.Range(0, labels).Select(number => Label($"red {number}", "red")),
        };

        Assert.Equal(3, (await _server.PostAsync(Path, Request(33, clips: true))).Data().Length);
        Assert.Contains("100 clips",
            await client.PostAsJsonAsync(Path, Request(34, clips: true)).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded"));
        Assert.Equal(3, (await _server.PostAsync(Path, Request(40, clips: false))).Data().Length);
        Assert.Contains("120 labels",
            await client.PostAsJsonAsync(Path, Request(41, clips: false)).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded"));
    }

    [Fact]
    public async Task A_stored_result_has_the_text_of_a_prompt_once_and_each_page_contains_it()
    {
        var index = await _server.AddIndexAsync();
        for (var number = 0; number < 4; number++)
            await _server.AddColoursAsync(index, (30, "red", 0.9), (30, "green", 0.8));
        var red = $"red {new string('x', 500)}";
        var page = await _server.PostAsync(Path,
            new
            {
                index_id = index.Id, options = Visual, include_clips = true, page_limit = 2,
                labels = new[] { Label("a", "green", red), Label("b", red) },
            });
        var next = await _server.PageAsync(page.GetProperty("page_info").Text("next_page_token")!);

        string[] PromptsOf(JsonElement video)
            => [.. video.Labels().SelectMany(label => label.GetProperty("clips").EnumerateArray()).Select(clip => clip.Text("prompt")!)
                .Distinct().Order()];
        Assert.All([.. page.Data(), .. next.Data()], video => Assert.Equal(["green", red], PromptsOf(video)));
        await using var db = _server.Database.Open();
        var stored = await db.ResultSets.Where(set => set.IndexId == index.Id)
            .Select(set => new { set.Id, set.Payload }).SingleAsync();
        var pages = await db.ResultPages.Where(row => row.ResultSetId == stored.Id).Select(row => row.Items).ToListAsync();
        Assert.Equal(2, string.Concat([stored.Payload, .. pages]).Split(red).Length);
    }
}
