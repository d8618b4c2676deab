using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.UnitTests.Inference.ScreenText;

public sealed class TextRegionDetectorTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(24)]
    [InlineData(60)]
    public void A_band_of_upright_strokes_is_found_in_any_size(int height)
    {
        var picture = Drawn(640, 360, (100, 150, height * 10, height));

        var box = Assert.Single(TextRegionDetector.Detect(picture));

        var inside = new TextBox(100, 150, 100 + height * 10, 150 + height);
        Assert.True(TextChange.IsSame(inside, box) || box.Overlap(inside) > 0.8 * inside.Area, $"{box} for {inside}");
    }

    [Fact]
    public void Two_lines_are_two_regions()
        => Assert.Equal(2, TextRegionDetector.Detect(Drawn(640, 360, (50, 100, 200, 16), (50, 140, 300, 16))).Count);

    [Fact]
    public void A_flat_picture_has_no_region() => Assert.Empty(TextRegionDetector.Detect(new GrayPicture(320, 240, new byte[320 * 240])));

    [Fact]
    public void A_single_edge_is_not_text()
    {
        var pixels = new byte[320 * 240];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = i % 320 < 160 ? (byte)20 : (byte)230;

        Assert.Empty(TextRegionDetector.Detect(new GrayPicture(320, 240, pixels)));
    }

    [Fact]
    public void A_region_changes_with_one_character_but_not_by_noise()
    {
        var before = Drawn(300, 20, (0, 2, 300, 16));
        var noisy = before with { Pixels = [.. before.Pixels.Select((pixel, i) => (byte)Math.Clamp(pixel + i % 7 - 3, 0, 255))] };
        var changed = before with { Pixels = [.. before.Pixels] };
        for (var y = 2; y < 18; y++)
            changed.Pixels.AsSpan(y * 300 + 100, 10).Fill(235);

        Assert.False(TextChange.HasChanged(before, noisy));
        Assert.True(TextChange.HasChanged(before, changed));
        Assert.True(TextChange.HasChanged(before, Drawn(300, 21)));
    }

    /// <summary>White strokes on grey: each is a fifth of the height wide and as far from the next.</summary>
    private static GrayPicture Drawn(int width, int height, params (int Left, int Top, int Width, int Height)[] bands)
    {
        var pixels = new byte[width * height];
        Array.Fill(pixels, (byte)60);
        foreach (var band in bands)
        {
            var stroke = Math.Max(3, band.Height / 5);
            for (var y = band.Top; y < band.Top + band.Height; y++)
            {
                for (var x = 0; x < band.Width && band.Left + x < width; x++)
                    pixels[y * width + band.Left + x] = x / stroke % 2 == 0 ? (byte)235 : (byte)60;
            }
        }
        return new GrayPicture(width, height, pixels);
    }
}
