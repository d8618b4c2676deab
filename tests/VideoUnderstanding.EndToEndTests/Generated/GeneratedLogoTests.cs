using System.Net;
using System.Text.Json;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Logos from the upload of a clip to the response. The tiny models distinguish only colours, so the tests cover the pipeline and
/// not the quality of recognition.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedLogoTests(GeneratedSet set)
{
    /// <summary>Seconds. The server samples one picture per second.</summary>
    private const double Tolerance = 1.1;

    [Fact]
    public async Task A_logo_that_is_added_later_and_a_brand_name_on_screen_are_found_at_their_times()
    {
        var (clip, mark) = (set.PathOf("marked.mp4"), set.PathOf("mark.bmp"));
        await MarkedClip.WriteAsync(clip, TestContext.Current.CancellationToken);
        MarkedClip.WriteMark(mark);
        var index = await set.Api.CreateIndexAsync("marks", "logo");
        var video = await set.Api.IndexAsync(index, clip);
        Assert.Empty(await set.Api.SearchAsync(index, "harbour line", "logo", threshold: "none"));

        var id = await set.Api.AddLogoAsync("Harbour Line", mark);
        var found = Assert.Single(await set.Api.SearchAsync(index, "harbour line", "logo"));
        Assert.Equal(video, found.VideoId);
        Assert.InRange(found.Start, MarkedClip.MarkStart - Tolerance, MarkedClip.MarkStart + Tolerance);
        Assert.InRange(found.End, MarkedClip.MarkEnd - Tolerance, MarkedClip.MarkEnd + Tolerance);
        var shown = await LogosAsync(index, video);
        Assert.Equal(["Harbour Line", MarkedClip.Brand], shown.Select(logo => logo.GetProperty("value").GetString()));
        Assert.InRange(shown[1].GetProperty("start").GetDouble(), MarkedClip.NameStart - Tolerance, MarkedClip.NameStart + Tolerance);
        Assert.InRange(shown[1].GetProperty("end").GetDouble(), MarkedClip.NameEnd - Tolerance, MarkedClip.NameEnd + Tolerance);
        Assert.Equal(0.92, shown[1].GetProperty("score").GetDouble());

        using (var removed = await set.Api.Http.DeleteAsync($"/admin/logos/{id}", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal([MarkedClip.Brand], (await LogosAsync(index, video)).Select(logo => logo.GetProperty("value").GetString()));
        // The index has only the option "logo", so text that was read for logos is not returned as text in the video.
        var texts = (await set.Api.GetAsync($"indexes/{index}/videos/{video}/text-in-video")).Expect(HttpStatusCode.OK);
        Assert.Equal(JsonValueKind.Null, texts.GetProperty("data").ValueKind);
    }

    private async Task<List<JsonElement>> LogosAsync(string index, string video)
        => [.. (await set.Api.GetAsync($"indexes/{index}/videos/{video}/logo")).Expect(HttpStatusCode.OK).GetProperty("data")
            .EnumerateArray()];
}
