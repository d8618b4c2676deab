using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>The whole path from upload to search results, with generated clips and tiny models. It needs only the project and its
/// tools.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedSearchTests(GeneratedSet set)
{
    /// <summary>Seconds. The server samples one picture per second.</summary>
    private const double PictureTolerance = 1.1;
    private const double SpeechTolerance = 0.5;

    [Theory]
    [InlineData("red", GeneratedClips.Colours, 0, 5)]
    [InlineData("an emerald screen", GeneratedClips.Colours, 5, 10)]
    [InlineData("Navy", GeneratedClips.Colours, 10, 15)]
    [InlineData("something yellow", GeneratedClips.Colours, 15, 20)]
    [InlineData("turquoise", GeneratedClips.Uneven, 0, 4)]
    [InlineData("pink", GeneratedClips.Uneven, 4, 9)]
    [InlineData("amber", GeneratedClips.Vp8, 0, 5)]
    [InlineData("black", GeneratedClips.Mpeg4, 0, 6)]
    [InlineData("violet", GeneratedClips.Sideways, 0, 6)]
    [InlineData("chestnut", GeneratedClips.Hevc, 0, 5)]
    [InlineData("gray", GeneratedClips.MotionJpeg, 0, 5)]
    public async Task A_colour_is_found_in_its_clip_at_its_time(string query, string file, double start, double end)
    {
        var found = await set.Api.SearchAsync(set.IndexOf(file), query, "visual");

        var best = found[0];
        Assert.Equal(set.Videos[file], best.VideoId);
        Assert.InRange(best.Start, start - PictureTolerance, start + PictureTolerance);
        Assert.InRange(best.End, end - PictureTolerance, end + PictureTolerance);
        Assert.Equal("high", best.Confidence);
    }

    [Theory]
    [InlineData("the boat departs at midday", GeneratedClips.Colours, 1)]
    [InlineData("price of a loaf", GeneratedClips.Colours, 6.5)]
    [InlineData("discovered an ancient chart", GeneratedClips.Colours, 12)]
    [InlineData("kindly sprinkle the flowers", GeneratedClips.Uneven, 5)]
    [InlineData("fine dawn everyone", GeneratedClips.Vp8, 1)]
    [InlineData("none noticed the signal", GeneratedClips.Mpeg4, 2)]
    public async Task Speech_is_found_by_its_meaning(string query, string file, double start)
    {
        var found = await set.Api.SearchAsync(set.SoundIndex, query, "conversation");

        AssertSpeech(found, file, start);
    }

    [Theory]
    [InlineData("ship leaves", GeneratedClips.Colours, 1)]
    [InlineData("many coins", GeneratedClips.Colours, 6.5)]
    [InlineData("an old map", GeneratedClips.Colours, 12)]
    [InlineData("please water my plants", GeneratedClips.Uneven, 5)]
    [InlineData("Good morning", GeneratedClips.Vp8, 1)]
    [InlineData("whistle", GeneratedClips.Mpeg4, 2)]
    public async Task Speech_is_found_by_its_words(string query, string file, double start)
    {
        var found = await set.Api.SearchAsync(set.SoundIndex, query, "conversation", "exact_match");

        AssertSpeech(found, file, start);
    }

    [Fact]
    public async Task An_exact_search_does_not_find_words_that_were_not_spoken()
        => Assert.Empty(await set.Api.SearchAsync(set.SoundIndex, "boat departs", "conversation", "exact_match"));

    [Theory]
    [InlineData("harbour station", GeneratedClips.Colours, 0, 5)]
    [InlineData("MARKET CLOSED", GeneratedClips.Colours, 10, 15)]
    [InlineData("open at noon", GeneratedClips.Colours, 10, 15)]
    [InlineData("train tickets", GeneratedClips.Mpeg4, 0, 6)]
    [InlineData("winter garden", GeneratedClips.Sideways, 0, 6)]
    [InlineData("library 24", GeneratedClips.Hevc, 0, 5)]
    public async Task Text_on_screen_is_found(string query, string file, double start, double end)
    {
        var found = await set.Api.SearchAsync(set.IndexOf(file), query, "text_in_video");

        Assert.NotEmpty(found);
        Assert.Equal(set.Videos[file], found[0].VideoId);
        Assert.InRange(found[0].Start, start - PictureTolerance, start + PictureTolerance);
        Assert.InRange(found[0].End, end - PictureTolerance, end + PictureTolerance);
    }

    private void AssertSpeech(IReadOnlyList<FoundClip> found, string file, double start)
    {
        var spoken = Assert.Single(set.Facts[file].Speech, phrase => Math.Abs(phrase.Start - start) < 0.01);
        Assert.NotEmpty(found);
        Assert.Equal(set.Videos[file], found[0].VideoId);
        Assert.InRange(found[0].Start, spoken.Start - SpeechTolerance, spoken.Start + SpeechTolerance);
        Assert.InRange(found[0].End, spoken.End - SpeechTolerance, spoken.End + SpeechTolerance);
    }
}
