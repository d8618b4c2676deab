using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Labels of generated clips with the tiny models.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedClassificationTests(GeneratedSet set)
{
    private static readonly string[] Visual = ["visual"];

    [Fact]
    public async Task A_label_is_assigned_if_its_colours_fill_half_of_the_clip()
    {
        var labels = await FoundLabel.OfVideoAsync(set.Api, set.Videos[GeneratedClips.Colours], "high", Visual,
            ("Traffic lights", ["red", "an emerald screen"]), ("Sea", ["Navy"]), ("All", ["red", "emerald", "navy", "something yellow"]));

        Assert.Equal(["All", "Traffic lights"], labels.Select(label => label.Name).Order());
        var lights = labels.Single(label => label.Name == "Traffic lights");
        Assert.InRange(lights.Ratio, 0.5, 0.6);
        Assert.Equal([("red", 0, 5), ("an emerald screen", 5, 10)],
            lights.Clips.OrderBy(clip => clip.Start).Select(clip => (clip.Prompt, (int)clip.Start, (int)clip.End)));
        Assert.InRange(labels.Single(label => label.Name == "All").Ratio, 0.95, 1);
    }

    [Fact]
    public async Task Labels_are_also_assigned_by_speech_and_by_text_on_screen()
    {
        var labels = await FoundLabel.OfVideoAsync(set.Api, set.Videos[GeneratedClips.Colours], new { min_duration_ratio = 0.05 },
            ["conversation", "text_in_video"],
            ("Departure", ["the boat departs at midday"]), ("Shop", ["market closed"]), ("Zoo", ["a lion in its cage"]));

        Assert.Equal(["Departure", "Shop"], labels.Select(label => label.Name).Order());
        Assert.Contains(labels.Single(label => label.Name == "Departure").Clips,
            clip => clip is { Option: "conversation", Start: > 0.5 and < 1.5, End: > 2.5 and < 3.5 });
        Assert.Contains(labels.Single(label => label.Name == "Shop").Clips,
            clip => clip is { Option: "text_in_video", Start: >= 8.9 and < 11.2 });
    }

    [Fact]
    public async Task All_videos_of_an_index_are_classified_over_several_pages()
    {
        var found = new Dictionary<string, string>();
        var request = new
        {
            index_id = set.SoundIndex, options = Visual, threshold = "high", page_limit = 1,
            labels = new[]
            {
                new { name = "dark", prompts = new[] { "black" } }, new { name = "warm", prompts = new[] { "amber" } },
                new { name = "pale", prompts = new[] { "turquoise", "pink" } },
            },
        };
        var answer = (await set.Api.SendAsync(HttpMethod.Post, "classify/bulk", request)).Expect(HttpStatusCode.OK);
        while (true)
        {
            var video = Assert.Single(answer.GetProperty("data").EnumerateArray());
            found.Add(video.GetProperty("video_id").GetString()!, Assert.Single(FoundLabel.AllOf(video)).Name);
            if (!answer.GetProperty("page_info").TryGetProperty("next_page_token", out var next))
                break;
            answer = (await set.Api.GetAsync($"classify/{next.GetString()}")).Expect(HttpStatusCode.OK);
        }

        Assert.Equal(
            new Dictionary<string, string>
            {
                [set.Videos[GeneratedClips.Mpeg4]] = "dark", [set.Videos[GeneratedClips.Vp8]] = "warm",
                [set.Videos[GeneratedClips.Uneven]] = "pale",
            }.OrderBy(pair => pair.Key),
            found.OrderBy(pair => pair.Key));
    }
}
