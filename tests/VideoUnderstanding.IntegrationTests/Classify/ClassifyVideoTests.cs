using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;
using static VideoUnderstanding.IntegrationTests.Classify.ClassifyCalls;

namespace VideoUnderstanding.IntegrationTests.Classify;

public sealed class ClassifyVideoTests(SearchServer fixture) : IClassFixture<SearchServer>
{
    private const string Path = "/v1.1/classify";

    private TestServer Server => fixture.Server;

    [Fact]
    public async Task A_response_has_the_form_of_the_contract()
    {
        var video = await Server.AddColoursAsync(await Server.AddIndexAsync(addons: ["thumbnail"]), (20, "green", 0.8), (12, "red", 0.8642),
            (28, "green", 0.8));

        var answer = await Server.PostAsync(Path, new
        {
            video_id = video.Id, options = Visual, conversation_option = "semantic", threshold = "medium", include_clips = true,
            labels = new[] { Label("Ground", "green"), Label("Vessels", "red tug", "green ferry", "white boat") },
        });

        Assert.Equal(["video_id", "labels"], answer.Names());
        Assert.Equal(video.Id, answer.GetProperty("video_id").GetString());
        Assert.Equal(["Vessels", "Ground"], answer.LabelNames());
        var vessels = answer.Labels()[0];
        Assert.Equal(["name", "max_score", "duration", "duration_ratio", "clips"], vessels.Names());
        Assert.Equal(60, vessels.Number("duration"));
        Assert.Equal(0.9917, vessels.Number("duration_ratio"));
        Assert.Equal(86.42, vessels.Number("max_score"), 0.1);
        var clips = vessels.GetProperty("clips").EnumerateArray().ToArray();
        Assert.Equal(["start", "end", "score", "option", "prompt", "thumbnail_url"], clips[0].Names());
        Assert.Equal((20, 32, "visual", "red tug"),
            (clips[0].Number("start"), clips[0].Number("end"), clips[0].Text("option"), clips[0].Text("prompt")));
        Assert.Equal(vessels.Number("max_score"), clips[0].Number("score"));
        Assert.StartsWith($"{Server.Address}media/thumbnails/{video.Id}.jpeg?time=26&", clips[0].Text("thumbnail_url"));
        Assert.Equal([(0, 20), (32, 60)], clips[1..].Select(clip => ((int)clip.Number("start"), (int)clip.Number("end"))));
    }

    [Fact]
    public async Task A_label_is_reported_when_its_prompts_together_cover_half_of_the_video()
    {
        var video = await Server.AddColoursAsync(await Server.AddIndexAsync(), (20, "red", 0.9), (20, "green", 0.9), (20, "blue", 0.9));

        var answer = await Server.PostAsync(Path, new
        {
            video_id = video.Id, options = Visual,
            labels = new[] { Label("warm", "red"), Label("cold", "green", "blue", "blue"), Label("none", "white") },
        });

        var label = Assert.Single(answer.Labels());
        Assert.Equal(["name", "max_score", "duration", "duration_ratio"], label.Names());
        Assert.Equal(("cold", 40.0, 0.6612), (label.Text("name"), label.Number("duration"), label.Number("duration_ratio")));
    }

    [Fact]
    public async Task The_minimum_share_of_a_label_is_a_setting()
    {
        await using var server = await TestServer.StartAsync(
            Server.Template, new Dictionary<string, string?> { ["VideoUnderstanding:Classification:MinShare"] = "0.3" },
            fakes: services => services.AddColours());
        var video = await server.AddColoursAsync(await server.AddIndexAsync(), (20, "red", 0.9), (10, "blue", 0.9), (30, "green", 0.9));

        var answer = await server.PostAsync(Path,
            new { video_id = video.Id, options = Visual, labels = new[] { Label("red", "red"), Label("blue", "blue") } });

        Assert.Equal(["red"], answer.LabelNames());
    }

    [Fact]
    public async Task Speech_and_screen_text_count_with_their_own_times()
    {
        var (video, _) = await Server.AddVideoAsync(await Server.AddIndexAsync());
        await Server.Database.AddTextAsync(video, TextSource.Speech, (0, 20.5, "moving to berth four"), (21, 30, "good morning"),
            (30.25, 58, "colour: red"));
        await Server.Database.AddTextAsync(video, TextSource.Screen, (0, 45, "PIER SEVEN"));

        var answer = await Server.PostAsync(Path, new
        {
            video_id = video.Id, options = new[] { "conversation", "text_in_video" }, include_clips = "true",
            labels = new[] { Label("port", "berth four", "red"), Label("pier", "pier seven"), Label("hello", "good morning") },
        });

        Assert.Equal(["red", "berth four"], Clips(answer, "port").Select(clip => clip.Text("prompt")));
        Assert.Equal([(30.25, 58.0, "conversation"), (0.0, 20.5, "conversation")],
            Clips(answer, "port").Select(clip => (clip.Number("start"), clip.Number("end"), clip.Text("option")!)));
        Assert.Equal([("text_in_video", 92.28)], Clips(answer, "pier").Select(clip => (clip.Text("option")!, clip.Number("score"))));
        Assert.DoesNotContain("hello", answer.LabelNames());
    }

    [Fact]
    public async Task A_label_may_have_options_of_its_own()
    {
        var (video, _) = await Server.AddVideoAsync(await Server.AddIndexAsync());
        await Server.Database.AddFramesAsync(video, (60, "red", 0.9));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (0, 40, "colour: red in words"));

        var answer = await Server.PostAsync(Path, new
        {
            video_id = video.Id, options = Visual, include_clips = true,
            labels = new object[]
            {
                Label("seen", "red"), new { name = "said", prompts = new[] { "red" }, options = new[] { "conversation" } },
                new
                {
                    name = "exact", prompts = new[] { "red in words" }, options = new[] { "conversation" },
                    conversation_option = "exact_match",
                },
                new
                {
                    name = "other words", prompts = new[] { "in red words" }, options = new[] { "conversation" },
                    conversation_option = "exact_match",
                },
            },
        });

        Assert.Equal(["said", "exact", "seen"], answer.LabelNames());
        Assert.Equal(["visual"], Clips(answer, "seen").Select(clip => clip.Text("option")));
        Assert.Equal(["conversation"], Clips(answer, "said").Select(clip => clip.Text("option")));
        Assert.Equal([92.28], Clips(answer, "exact").Select(clip => clip.Number("score")));
    }

    [Fact]
    public async Task The_response_uses_the_name_of_the_request_for_labels()
    {
        var video = await Server.AddColoursAsync(await Server.AddIndexAsync(), (60, "red", 0.9));

        var later = await Server.PostAsync(Path, new { video_id = video.Id, options = Visual, classes = new[] { Label("red", "red") } });
        var detailed = await Server.PostAsync(Path,
            new
            {
                video_id = video.Id, options = Visual, labels = new[] { Label("red", "red") }, show_detailed_score = true,
                include_clips = "false",
            });

        Assert.Equal(["video_id", "classes"], later.Names());
        foreach (var label in later.Labels("classes").Concat(detailed.Labels()))
        {
            Assert.Equal(["name", "max_score", "duration", "duration_ratio", "score"], label.Names());
            Assert.Equal(label.Number("max_score"), label.Number("score"));
        }
    }

    [Theory]
    [InlineData("\"high\"", "best")]
    [InlineData("\"medium\"", "best,good")]
    [InlineData("\"low\"", "best,good,weak")]
    [InlineData("null", "best,good,weak")]
    [InlineData("\"none\"", "best,good,weak,few,nothing")]
    [InlineData("{\"min_clip_score\":75}", "best,good")]
    [InlineData("{\"min_clip_score\":0}", "best,good,weak,few,nothing")]
    [InlineData("{\"min_video_score\":80.01}", "best")]
    [InlineData("{\"min_duration_ratio\":0.1}", "best,good,weak,few")]
    [InlineData("{}", "best,good,weak")]
    public async Task The_threshold_filters_the_labels(string threshold, string labels)
    {
        var index = await Server.AddIndexAsync();
        var (video, _) = await Server.AddVideoAsync(index);
        await Server.Database.AddFramesAsync(video, (60, "green", 0.5));
        await Server.Database.AddTextAsync(video, TextSource.Screen, (0, 40, "BERTH FOUR"));
        await Server.Database.AddTextAsync(video, TextSource.Speech, (0, 40, "the ferries are leaving"), (40, 50, "goodbye"));
        // Scores: best is an exact text (92.28), good has words in another form (80), weak is a weak picture (50), few is one word in a
        // sixth of the video (85), nothing has no match. The threshold "none" also reports labels without a match.
        var body = $$"""
            {"video_id":"{{video.Id}}","options":["visual"],"threshold":{{threshold}},"labels":[
            {"name":"best","prompts":["berth four"],"options":["text_in_video"]},
            {"name":"good","prompts":["ferry leaves"],"options":["conversation"]},
            {"name":"weak","prompts":["green"]},{"name":"few","prompts":["goodbye"],"options":["conversation"]},
            {"name":"nothing","prompts":["white"]}]}
            """;
        using var client = Server.CreateClient();

        var answer = await client.PostAsync(Path, new StringContent(body)).JsonAsync();

        Assert.Equal(labels.Split(',').Order(), answer.LabelNames().Order());
    }

    [Fact]
    public async Task Clips_of_a_label_are_those_that_a_search_finds()
    {
        var index = await Server.AddIndexAsync();
        var random = new Random(3);
        var videos = new List<Video>();
        for (var i = 0; i < 6; i++)
        {
            var colours = new[] { "red", "green", "blue" };
            videos.Add(
                await Server.AddColoursAsync(index,
                    [.. Enumerable.Range(0, 6).Select(_ => (random.Next(2, 12), colours[random.Next(3)], 0.5 + random.Next(50) / 100.0))]));
            await Server.Database.AddTextAsync(videos[i], TextSource.Speech, (1.5, 4, "a red boat"), (4, 6.25, "leaves berth"),
                (6.25, 9, "four at noon"), (20, 24, "colour: red"));
            await Server.Database.AddTextAsync(videos[i], TextSource.Screen, (2, 9, "RED LION"), (11, 15, "colour: blue"));
        }
        await using var db = Server.Database.Open();
        foreach (var (prompt, option) in new[]
        {
            ("red", "visual"), ("blue", "visual"), ("red boat", "conversation"), ("berth four", "conversation"), ("red", "conversation"),
            ("red lion", "text_in_video"), ("blue", "text_in_video"),
        })
        {
            var searched = await db.Search().FindAsync(new SearchQuery(index.Id, new TextQuery(prompt, [option])), CancellationToken.None);
            foreach (var video in videos)
            {
                var answer = await Server.PostAsync(Path, new
                {
                    video_id = video.Id, options = new[] { option }, include_clips = true,
                    threshold = new { min_clip_score = MatchLevels.Low, min_duration_ratio = 0 },
                    labels = new[] { Label("x", prompt), Label("y", "white", "black") },
                });
                Assert.Equal(
                    searched.Where(clip => clip.VideoId == video.Id).Select(clip => (clip.Start, clip.End, clip.Score)).Order(),
                    Clips(answer, "x").Select(clip => (clip.Number("start"), clip.Number("end"), clip.Number("score"))).Order());
            }
        }
    }

    [Fact]
    public async Task A_video_that_is_not_finished_has_no_labels_yet()
    {
        var (video, _) = await Server.AddVideoAsync(await Server.AddIndexAsync(), TaskState.Indexing);
        await Server.Database.AddFramesAsync(video, (60, "red", 0.9));

        var answer = await Server.PostAsync(Path + "/",
            new { video_id = video.Id, options = Visual, labels = new[] { Label("red", "red") } });

        Assert.Equal($$"""{"video_id":"{{video.Id}}","labels":[]}""", answer.GetRawText());
    }

    [Fact]
    public async Task A_missing_model_is_reported_and_exact_match_needs_none()
    {
        await using var server = await TestServer.StartAsync(Server.Template, new Dictionary<string, string?>(), ModelRole.TextEmbedding);
        var (video, _) = await server.AddVideoAsync(await server.AddIndexAsync());
        await server.AddTextAsync(video, TextSource.Speech, (1, 50, "berth four"));
        var request = (string way) => new
        {
            video_id = video.Id, options = new[] { "conversation" }, conversation_option = way,
            labels = new[] { Label("berth", "berth four") },
        };
        using var client = server.CreateClient();

        Assert.NotEmpty(await client.PostAsJsonAsync(Path, request("semantic"))
            .ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable"));
        Assert.Equal(["berth"], (await server.PostAsync(Path, request("exact_match"))).LabelNames());
    }

    private static JsonElement[] Clips(JsonElement answer, string label)
        => [.. answer.Labels().Where(found => found.Text("name") == label)
            .SelectMany(found => found.GetProperty("clips").EnumerateArray())];
}
