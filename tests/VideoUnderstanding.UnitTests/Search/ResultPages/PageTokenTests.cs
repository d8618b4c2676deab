using VideoUnderstanding.Search;
using VideoUnderstanding.Search.ResultPages;

namespace VideoUnderstanding.UnitTests.Search.ResultPages;

public sealed class PageTokenTests
{
    private const string Uuid = "7c9e2b1a-4d53-4f0e-9a61-0c8b5e7d2f43";

    [Fact]
    public void A_token_reads_as_it_is_written()
    {
        var token = PageToken.Parse($"{Uuid}-12");
        Assert.Equal(new PageToken(Guid.Parse(Uuid), 12), token);
        Assert.Equal($"{Uuid}-12", token.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(Uuid)]
    [InlineData(Uuid + "-")]
    [InlineData(Uuid + "--1")]
    [InlineData(Uuid + "-x")]
    [InlineData(Uuid + "-99999999999")]
    [InlineData("7c9e2b1a4d534f0e9a610c8b5e7d2f43aaaa-1")]
    public void Other_text_is_no_token(string text) => Assert.Null(PageToken.Parse(text));

    [Fact]
    public void Videos_are_sorted_by_best_clip_or_number_of_clips()
    {
        ClipMatch[] clips = [Clip("a", 90), Clip("b", 80), Clip("c", 75), Clip("b", 70), Clip("c", 60)];
        var pool = new SearchPool("i", 3, 30);
        Assert.Equal(["a", "b", "c"],
            SearchResult.Of(pool, clips, ResultGrouping.Video, ResultOrder.Score, false).Items.Select(item => item.VideoId));
        var byCount = SearchResult.Of(pool, clips, ResultGrouping.Video, ResultOrder.ClipCount, false);
        Assert.Equal(["b", "c", "a"], byCount.Items.Select(item => item.VideoId));
        Assert.Equal([80, 70], byCount.Items[0].Clips.Select(clip => clip.Score));
    }

    private static ClipMatch Clip(string video, double score) => new(video, 0, 1, score, [new OptionMatch("visual", score, null)]);
}
