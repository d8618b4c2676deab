using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Real clips get the labels that a viewer would choose.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class ClassificationTests
{
    private static readonly string[] Visual = ["visual"];

    private static readonly (string Name, string[] Prompts)[] Labels =
    [
        ("dogs", ["dog"]), ("bottles", ["plastic water bottle"]), ("flowers", ["flower"]), ("meadows", ["meadow"]),
        ("web sites", ["web site"]),
    ];

    private readonly OpenClipSet _set;

    public ClassificationTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    [Theory]
    [InlineData("dog-park.mp4", "dogs")]
    [InlineData("dog-rotated.mp4", "dogs")]
    [InlineData("bottles.mp4", "bottles")]
    [InlineData("bottles-vfr.mp4", "bottles")]
    [InlineData("slides-climate.mov", "web sites")]
    public async Task The_best_label_of_a_clip_describes_its_content(string file, string label)
    {
        var found = await FoundLabel.OfVideoAsync(_set.Api, _set.Videos[file], "none", Visual, Labels);

        Assert.True(found.Count > 0 && found[0].Name == label, $"{file}: {string.Join("; ", found)}");
        Assert.InRange(found[0].Ratio, 0.5, 1);
    }

    [Fact]
    public async Task Clips_of_a_subject_rank_before_all_others_of_the_index()
    {
        var request = new
        {
            index_id = _set.Index, options = Visual, threshold = "none",
            labels = new[] { new { name = "dogs", prompts = new[] { "dog" } } },
        };
        var answer = (await _set.Api.SendAsync(HttpMethod.Post, "classify/bulk", request)).Expect(HttpStatusCode.OK);

        var videos = answer.GetProperty("data").EnumerateArray().Select(video => video.GetProperty("video_id").GetString()!).ToList();
        Assert.Equal(new[] { _set.Videos["dog-park.mp4"], _set.Videos["dog-rotated.mp4"] }.Order(), videos.Take(2).Order());
    }
}
