using System.Net;
using System.Text.Json;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Metadata, transcription, text on screen and thumbnail of an indexed video.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedVideoTests(GeneratedSet set)
{
    [Fact]
    public async Task Metadata_describes_the_video_as_a_player_shows_it()
    {
        foreach (var clip in set.Facts.Media.Where(clip => clip.Video.Count > 0))
        {
            var facts = (await GetAsync(clip.File, "")).GetProperty("metadata");
            var stored = clip.Video[0];
            var (width, height) = clip.Rotation == 0 ? (stored.Width, stored.Height) : (stored.Height, stored.Width);

            Assert.Equal(clip.File, facts.GetProperty("filename").GetString());
            Assert.Equal((width, height), (facts.GetProperty("width").GetInt32(), facts.GetProperty("height").GetInt32()));
            Assert.InRange(facts.GetProperty("duration").GetDouble(), clip.Duration - 0.2, clip.Duration + 0.2);
            Assert.Equal(new FileInfo(set.PathOf(clip.File)).Length, facts.GetProperty("size").GetInt64());
        }
    }

    [Fact]
    public async Task The_transcription_has_the_spoken_words_at_their_times()
    {
        var said = await SegmentsAsync(GeneratedClips.Colours, "transcription");
        var expected = set.Facts[GeneratedClips.Colours].Speech;

        Assert.Equal(expected.Select(phrase => phrase.Text), said.Select(segment => segment.Text));
        foreach (var (phrase, segment) in expected.Zip(said))
        {
            Assert.InRange(segment.Start, phrase.Start - 0.3, phrase.Start + 0.3);
            Assert.InRange(segment.End, phrase.End - 0.3, phrase.End + 0.3);
        }
    }

    [Fact]
    public async Task A_time_range_of_the_transcription_can_be_requested()
    {
        var said = await SegmentsAsync(GeneratedClips.Colours, "transcription?start=6&end=9");

        Assert.Equal(["The bread costs many coins."], said.Select(segment => segment.Text));
    }

    [Fact]
    public async Task A_silent_video_has_no_transcription()
        => Assert.Equal(JsonValueKind.Null, (await GetAsync(GeneratedClips.Hevc, "transcription")).GetProperty("data").ValueKind);

    [Fact]
    public async Task Text_on_screen_is_listed_with_whole_seconds()
    {
        var shown = await SegmentsAsync(GeneratedClips.Colours, "text-in-video");

        var station = Assert.Single(shown, segment => segment.Text.Contains("HARBOUR STATION", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, station.Start);
        Assert.InRange(station.End, 4, 6);
        Assert.Contains(shown,
            segment => segment.Text.Contains("MARKET CLOSED", StringComparison.OrdinalIgnoreCase) && segment.Start is >= 9 and <= 11);
        Assert.All(shown, segment => Assert.Equal((Math.Floor(segment.Start), Math.Floor(segment.End)), (segment.Start, segment.End)));
    }

    [Fact]
    public async Task A_thumbnail_can_be_loaded_without_a_key()
    {
        var address = (await GetAsync(GeneratedClips.Sideways, "thumbnail?time=3")).GetProperty("thumbnail").GetString()!;
        using var anonymous = new HttpClient { BaseAddress = set.Api.Http.BaseAddress };

        using var picture = await anonymous.GetAsync(address, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, picture.StatusCode);
        Assert.Equal("image/jpeg", picture.Content.Headers.ContentType?.MediaType);
        var (width, height) = JpegSize(await picture.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.True(height > width, $"The picture lies on its side: {width}x{height}.");
        using var altered = await anonymous.GetAsync(address.Replace("time=3", "time=4", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);
        Assert.False(altered.IsSuccessStatusCode);
    }

    private async Task<JsonElement> GetAsync(string file, string part)
        => (await set.Api.GetAsync($"indexes/{set.IndexOf(file)}/videos/{set.Videos[file]}/{part}")).Expect(HttpStatusCode.OK);

    private async Task<List<(double Start, double End, string Text)>> SegmentsAsync(string file, string part)
        => [.. (await GetAsync(file, part)).GetProperty("data")
            .EnumerateArray()
            .Select(
                segment
                    => (segment.GetProperty("start").GetDouble(), segment.GetProperty("end").GetDouble(),
                        segment.GetProperty("value").GetString()!))];

    /// <summary>Reads the size from the frame header, markers C0 to C2. Source: ITU-T T.81, B.2.2.</summary>
    private static (int Width, int Height) JpegSize(byte[] jpeg)
    {
        for (var i = 2; i + 9 < jpeg.Length; i += 2 + (jpeg[i + 2] << 8 | jpeg[i + 3]))
            if (jpeg[i + 1] is >= 0xC0 and <= 0xC2)
                return (jpeg[i + 7] << 8 | jpeg[i + 8], jpeg[i + 5] << 8 | jpeg[i + 6]);
        throw new InvalidDataException("The picture has no frame header.");
    }
}
