using System.Diagnostics;
using Microsoft.Playwright;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>The colour that a page's video element shows.</summary>
internal static class ShownPicture
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Reads the pixel at (8, 8) of the picture that the video element shows: red, green and blue, each from 0 to 255.</summary>
    private const string Pixel = """
        (() => {
          const video = document.querySelector('video');
          const canvas = document.createElement('canvas');
          [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
          const context = canvas.getContext('2d');
          context.drawImage(video, 0, 0);
          return [...context.getImageData(8, 8, 1, 1).data].slice(0, 3);
        })()
        """;

    /// <summary>
    /// Waits until the video, which has reached its position and is paused, shows a colour of the test clips. On a busy machine Chromium
    /// reports <c>seeked</c> before it has drawn the new picture, so the picture before the seek can be read for a short time.
    /// </summary>
    public static async Task ExpectColourAsync(IPage page, string colour, string when)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var shown = await page.EvaluateAsync<int[]>(Pixel);
            if (TinyColours.All.MinBy(known => Distance(shown, known))!.Name == colour)
                return;
            Assert.True(waited.Elapsed < Timeout, $"{when} the video shows {string.Join(',', shown)} instead of {colour}.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private static int Distance(int[] shown, TinyColour colour)
        => Math.Abs(shown[0] - colour.Red) + Math.Abs(shown[1] - colour.Green) + Math.Abs(shown[2] - colour.Blue);
}
