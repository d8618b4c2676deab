namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Splits a region into lines at rows with few foreground pixels. Also separates letters that touch those of the next line, which
/// layout analysis treats as one line.</summary>
internal static class LineSplitter
{
    /// <summary>Rows whose foreground count is below this share of the fullest rows separate lines.</summary>
    public const double SeparatorShare = 0.3;

    /// <summary>The same share for bold letters that touch those of the next line. Some single lines have as few foreground pixels in their
    /// middle.</summary>
    public const double TouchingSeparatorShare = 0.55;

    /// <summary>Minimum rows of a line, which must also be at least the share <see cref="MinPart"/> of the region's rows.</summary>
    private const int MinRows = 6;
    private const double MinPart = 0.15;

    /// <returns>One box per line, from the top; the region itself if it is one line.</returns>
    /// <param name="separatorShare">Share of the fullest rows' foreground below which a row is between lines.</param>
    public static IReadOnlyList<TextBox> Split(GrayPicture picture, TextBox region, double separatorShare)
    {
        // Some background around the letters shows which side of the threshold they are on.
        var crop = picture.Crop(region.Grow(3, 3));
        var foreground = CountForeground(crop);
        var full = foreground.Order().ElementAt(foreground.Length * 9 / 10);
        var min = Math.Max(MinRows, MinPart * crop.Height);
        var cores = Cores(foreground, full * separatorShare).Where(core => core.End - core.Start >= min).ToList();
        if (cores.Count < 2)
            return [region];
        var top = Math.Max(0, region.Top - 3);
        var lines = new List<TextBox>();
        for (var i = 0; i < cores.Count; i++)
        {
            var start = i == 0 ? region.Top : top + EmptiestRow(foreground, cores[i - 1].End, cores[i].Start);
            var end = i == cores.Count - 1 ? region.Bottom : top + EmptiestRow(foreground, cores[i].End, cores[i + 1].Start);
            lines.Add(region with { Top = start, Bottom = end });
        }
        return lines;
    }

    private static int[] CountForeground(GrayPicture crop)
    {
        var threshold = Contrast.Otsu(crop.Histogram());
        var light = Contrast.IsLightOnDark(crop, threshold);
        var foreground = new int[crop.Height];
        for (var y = 0; y < crop.Height; y++)
        {
            foreach (var pixel in crop.Row(y))
                foreground[y] += pixel > threshold == light ? 1 : 0;
        }
        return foreground;
    }

    private static IEnumerable<(int Start, int End)> Cores(int[] foreground, double min)
    {
        var start = -1;
        for (var y = 0; y <= foreground.Length; y++)
        {
            var isFull = y < foreground.Length && foreground[y] >= min;
            if (isFull && start < 0)
                start = y;
            if (isFull || start < 0)
                continue;
            yield return (start, y);
            start = -1;
        }
    }

    private static int EmptiestRow(int[] foreground, int from, int to)
    {
        var best = from;
        for (var y = from; y < to; y++)
        {
            if (foreground[y] < foreground[best])
                best = y;
        }
        return best;
    }
}
