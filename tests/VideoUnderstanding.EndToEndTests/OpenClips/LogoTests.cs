using System.Diagnostics;
using System.Net;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>A photograph that is pasted into a real clip is found as a logo. Real logos are harder to find: docs/logos.md.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class LogoTests
{
    private const double Start = 4, End = 12;
    private const double Tolerance = 1.5;
    private readonly OpenClipSet _set;

    public LogoTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    [Fact]
    public async Task A_picture_pasted_into_a_clip_is_found_and_another_one_is_not()
    {
        var folder = Directory.CreateTempSubdirectory("logos-").FullName;
        try
        {
            var (mark, other, clip) = (AssetsFolder.File("images/sunflower.jpg"), AssetsFolder.File("images/teddy-bear.jpg"),
                Path.Combine(folder, "pasted.mp4"));
            await PasteAsync(OpenClipSet.PathOf("cars-overhead.mp4"), mark, clip);
            var index = await _set.Api.CreateIndexAsync("pasted", "logo");
            var video = await _set.Api.IndexAsync(index, clip);
            await _set.Api.AddLogoAsync("Sunny Farm", mark);
            await _set.Api.AddLogoAsync("Bear Toys", other);

            var found = Assert.Single(await _set.Api.SearchAsync(index, "sunny farm", "logo"));
            Assert.Equal(video, found.VideoId);
            Assert.InRange(found.Start, Start - Tolerance, Start + Tolerance);
            Assert.InRange(found.End, End - Tolerance, End + Tolerance);
            Assert.Empty(await _set.Api.SearchAsync(index, "bear toys", "logo", threshold: "none"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PasteAsync(string clip, string picture, string output)
    {
        string[] arguments =
        [
            "-v", "error", "-t", "16", "-i", clip, "-i", picture, "-filter_complex",
            $"[1]scale=-2:160[mark];[0][mark]overlay=180:120:enable='between(t,{Start},{End})'",
            "-an", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", output,
        ];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
        await ffmpeg.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, ffmpeg.ExitCode);
    }
}
