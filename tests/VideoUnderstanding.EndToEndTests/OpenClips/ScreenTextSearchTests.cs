using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.EndToEndTests.OpenClips;

/// <summary>Every known text on screen is found at its time.</summary>
[Trait("Needs", "Assets")]
[Collection(nameof(OpenClipCollection))]
public sealed class ScreenTextSearchTests
{
    /// <summary>Seconds. The server samples one picture per second, and the facts are accurate to 0.5 s.</summary>
    private const double Tolerance = 1.5;

    /// <summary>Drawn letters of which recognition reads too few in one of the clips. Only the search by meaning finds them, and the score
    /// may be below the threshold "low".</summary>
    private const string Misread = "Big Buck BUNNY";
    private readonly OpenClipSet _set;

    public ScreenTextSearchTests(OpenClipSet set)
    {
        AssetsFolder.Require();
        _set = set;
    }

    [Fact]
    public async Task Every_line_on_screen_is_found()
    {
        var missing = new List<string>();
        foreach (var clip in _set.Facts.Media)
            foreach (var (text,
                line) in clip.OnScreenText.SelectMany(text => text.Text.Split('|', StringSplitOptions.TrimEntries)
                    .Select(line => (text, line))))
            {
                var found = await _set.Api.SearchAsync(_set.Index, line, "text_in_video", threshold: line == Misread ? "none" : "low",
                    limit: 20);
                if (!found.Any(hit => hit.VideoId == _set.Videos[clip.File] && Fits(hit, text)))
                    missing.Add($"{clip.File} {text.Start}-{text.End} \"{line}\": "
                        + $"{string.Join("; ", found.Select(hit => $"{hit.Start}-{hit.End} {hit.Text}"))}");
            }

        Assert.True(missing.Count == 0, string.Join('\n', missing));
    }

    private static bool Fits(FoundClip hit, TimedText text)
        => hit.Overlaps(text.Start, text.End) && hit.Start >= text.Start - Tolerance && hit.End <= text.End + Tolerance;
}
