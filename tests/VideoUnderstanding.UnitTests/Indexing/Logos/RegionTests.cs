using VideoUnderstanding.Indexing.Logos;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.UnitTests.Indexing.Logos;

public sealed class RegionTests
{
    private static readonly LogoRegionOptions Options = new();

    [Theory]
    [InlineData(85, 48)]
    [InlineData(48, 85)]
    [InlineData(48, 48)]
    [InlineData(300, 48)]
    [InlineData(3, 1)]
    public void Windows_are_inside_the_picture_and_cover_it(int columns, int rows)
    {
        var windows = RegionWindow.Of(columns, rows);
        Assert.All(windows,
            window
                => Assert.True(window is { Left: >= 0, Top: >= 0, Side: > 0 } && window.Left + window.Side <= columns
                    && window.Top + window.Side <= rows, $"{window}"));
        Assert.Equal(windows.Distinct(), windows);
        foreach (var side in windows.Select(window => window.Side).Distinct())
            Assert.All(Enumerable.Range(0, columns * rows), tile => Assert.Contains(windows,
                window => window.Side == side && tile % columns >= window.Left && tile % columns < window.Left + side
                    && tile / columns >= window.Top && tile / columns < window.Top + side));
    }

    [Fact]
    public void An_object_of_half_the_window_size_is_completely_inside_a_window()
    {
        var windows = RegionWindow.Of(85, 48).Where(window => window.Side == 24).ToList();
        for (var left = 0; left <= 85 - 12; left++)
            for (var top = 0; top <= 48 - 12; top++)
                Assert.Contains(windows,
                    window => left >= window.Left && left + 12 <= window.Left + 24 && top >= window.Top && top + 12 <= window.Top + 24);
    }

    [Fact]
    public void A_window_is_cut_out_unchanged()
    {
        var frame = Grey(480, 480, (240, 120, 100));
        var cut = new RegionWindow(24, 12, 12).Crop(frame, 48, 48);
        Assert.Equal((120, 120), (cut.Width, cut.Height));
        Assert.All(Enumerable.Range(0, 100), x => Assert.Equal(250, cut.Rgb[x * 3]));
        Assert.Equal(128, cut.Rgb[110 * 3]);
    }

    [Fact]
    public void Flat_windows_are_skipped()
        => Assert.Empty(new RegionSelector(Options).Next(TileGrid.Of(Grey(640, 360)), 24).Chosen);

    [Fact]
    public void Windows_around_a_mark_are_embedded_once_and_end_with_it()
    {
        var choice = new RegionSelector(Options);
        var marked = TileGrid.Of(Grey(640, 360, (100, 40, 80)));

        var first = choice.Next(marked, 24);
        Assert.Empty(first.Ended);
        Assert.NotEmpty(first.Chosen);
        Assert.All(first.Chosen, part => Assert.True(marked.Contrast(part.Window) >= Options.MinContrast));
        var again = choice.Next(TileGrid.Of(Grey(640, 360, (100, 40, 80))), 24);
        Assert.Empty(again.Ended);
        Assert.Empty(again.Chosen.Select(part => part.Place).Intersect(first.Chosen.Select(part => part.Place)));

        var gone = choice.Next(TileGrid.Of(Grey(640, 360)), 24);
        Assert.Equal(first.Chosen.Concat(again.Chosen).Select(part => part.Place).Order(), gone.Ended.Order());
        Assert.Empty(gone.Chosen);
    }

    [Fact]
    public void The_number_of_windows_is_limited_and_all_places_are_chosen_in_turn()
    {
        var choice = new RegionSelector(Options);
        var random = new Random(7);
        var seen = new HashSet<int>();
        for (var picture = 0; picture < 30; picture++)
        {
            var pixels = new byte[96 * 96 * 3];
            random.NextBytes(pixels);
            var chosen = choice.Next(TileGrid.Of(new Frame(picture, false, 96, 96, pixels)), 5).Chosen;
            Assert.True(chosen.Count <= 5);
            seen.UnionWith(chosen.Select(part => part.Place));
        }
        Assert.Equal(RegionWindow.Of(48, 48).Count, seen.Count);
    }

    /// <summary>A grey picture with a brighter square at the given place.</summary>
    private static Frame Grey(int width, int height, (int Left, int Top, int Side)? mark = null)
    {
        var pixels = new byte[width * height * 3];
        pixels.AsSpan().Fill(128);
        if (mark is { } square)
            for (var y = square.Top; y < square.Top + square.Side; y++)
                pixels.AsSpan((y * width + square.Left) * 3, square.Side * 3).Fill(250);
        return new Frame(0, true, width, height, pixels);
    }
}
