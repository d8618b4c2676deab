using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Sounds;

namespace VideoUnderstanding.EndToEndTests.Sound;

/// <summary>Sound that is not speech is found through the option visual.</summary>
public sealed class SoundTests(SoundServer server) : IClassFixture<SoundServer>
{
    [Theory]
    [InlineData("a dog barks", "bark")]
    [InlineData("a siren wails", "siren")]
    [InlineData("a bell is ringing", "bell")]
    [InlineData("music is playing", "music")]
    [InlineData("people applaud", "applause")]
    [InlineData("the sound of water", "water")]
    public async Task A_sound_is_found_within_a_second_of_its_time(string query, string sound)
    {
        var (start, end) = SoundServer.Times[sound];

        var found = await server.Api.SearchAsync(server.Index, query, "visual");

        Assert.NotEmpty(found);
        Assert.True(found[0].VideoId == server.Sounds && Math.Abs(found[0].Start - start) <= 1 && found[0].Overlaps(start, end)
            && found[0].End <= end + 2,
            string.Join('\n', found));
    }

    [Theory]
    [InlineData("a dog on a beach")]
    [InlineData("a church with a tall tower")]
    [InlineData("a woman in a blue dress")]
    [InlineData("a lecture about climate")]
    [InlineData("a police officer beside a car")]
    [InlineData("people talking to each other")]
    public async Task A_query_for_a_picture_matches_no_sound(string query)
        => Assert.DoesNotContain(await server.Api.SearchAsync(server.Index, query, "visual"), clip
            => clip.VideoId == server.Sounds && clip.End - clip.Start < 10);

    [Theory]
    [InlineData("a cat meows")]
    [InlineData("a dog barks")]
    [InlineData("music is playing")]
    [InlineData("thunder rumbling in the distance")]
    public async Task Speech_and_silence_match_no_query_for_a_sound(string query)
        => Assert.DoesNotContain(await server.Api.SearchAsync(server.Index, query, "visual"), clip
            => clip.VideoId == server.Speech || clip.VideoId == server.Silent);

    [Fact]
    public async Task The_module_of_a_sound_is_visual()
    {
        var answer = await server.Api.SendAsync(HttpMethod.Post, "search",
            new { index_id = server.Index, query = "a dog barks", search_options = new[] { "visual" } });

        var clip = answer.Expect(HttpStatusCode.OK).GetProperty("data")[0];
        Assert.Equal("visual", Assert.Single(clip.GetProperty("metadata").EnumerateArray()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_combined_query_joins_sounds()
    {
        object Leaf(string text) => new { text, search_options = new[] { "visual" } };
        var combined = await server.Api.SendAsync(HttpMethod.Post, "beta/search",
            new { index_id = server.Index, query = new Dictionary<string,
                object[]> { ["$then"] = [Leaf("a dog barks"), Leaf("a siren wails")] } });

        var clip = FoundClip.AllOf(combined.Expect(HttpStatusCode.OK))[0];
        Assert.Equal((server.Sounds, true, true), (clip.VideoId, Math.Abs(clip.Start - 4) <= 1, Math.Abs(clip.End - 14) <= 2));
    }

    [Fact]
    public async Task A_label_is_assigned_to_a_video_whose_sound_lasts_long_enough()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await new SoundTrack(14).Add("siren", 2, SyntheticSounds.Siren(11))
            .WriteClipAsync(server.PathOf("siren.mp4"), "gray", cancellation);
        var video = await server.Api.IndexAsync(await server.Api.CreateIndexAsync("labels", "visual"), server.PathOf("siren.mp4"));

        var labels = await FoundLabel.OfVideoAsync(server.Api, video, "low", ["visual"], ("sirens", ["a siren wails"]),
            ("dogs", ["a dog barks"]));

        Assert.Equal("sirens", Assert.Single(labels).Name);
        Assert.InRange(labels[0].Ratio, 0.5, 1);
    }

    [Fact]
    public async Task A_sound_is_found_in_a_video_with_a_user_transcript_and_is_deleted_with_the_video()
    {
        var index = await server.Api.CreateIndexAsync("with a transcript", "visual", "conversation");
        var video = await server.Api.IndexAsync(index, server.PathOf("sounds.mp4"),
            "1\n00:00:01,000 --> 00:00:03,000\nA line of the user's own.\n");
        Assert.Equal(video, (await server.Api.SearchAsync(index, "a siren wails", "visual"))[0].VideoId);

        (await server.Api.DeleteAsync($"indexes/{index}/videos/{video}")).Expect(HttpStatusCode.NoContent);

        Assert.Empty(await server.Api.SearchAsync(index, "a siren wails", "visual"));
    }
}
