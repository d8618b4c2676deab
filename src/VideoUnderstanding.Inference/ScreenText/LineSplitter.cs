namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Splits a region into lines at rows with little ink. Works for letters that touch those of the next line, which layout analysis
/// treats as one.</summary>
internal static class LineSplitter
{
    /// <summary>Rows with less ink than this share of the fullest rows are between lines.</summary>
    public const double Thin = 0.3;

    /// <summary>The same share for heavy letters that touch those of the next line. Some single lines have as little ink in their
    /// middle.</summary>
    public const double Touching = 0.55;

    /// <summary>Minimum rows of a line, also at least <see cref="LeastPart"/> of the region's.</summary>
    private const int LeastRows = 6;
    private const double LeastPart = 0.15;

    /// <returns>One box per line, from the top; the region itself if it is one line.</returns>
    /// <param name="thin">Share of the fullest rows' ink below which a row is between lines.</param>
    public static IReadOnlyList<TextBox> Split(GrayPicture picture, TextBox region, double thin)
    {
        // Some background around the letters shows which side of the threshold they are on.
        var crop = picture.Crop(region.Grow(3, 3));
        var ink = Ink(crop);
        var full = ink.Order().ElementAt(ink.Length * 9 / 10);
        var least = Math.Max(LeastRows, LeastPart * crop.Height);
        var cores = Cores(ink, full * thin).Where(core => core.End - core.Start >= least).ToList();
        if (cores.Count < 2)
            return [region];
        var top = Math.Max(0, region.Top - 3);
        var lines = new List<TextBox>();
        for (var i = 0; i < cores.Count; i++)
        {
            var start = i == 0 ? region.Top : top + Thinnest(ink, cores[i - 1].End, cores[i].Start);
            var end = i == cores.Count - 1 ? region.Bottom : top + Thinnest(ink, cores[i].End, cores[i + 1].Start);
            lines.Add(region with { Top = start, Bottom = end });
        }
        return lines;
    }

    private static int[] Ink(GrayPicture crop)
    {
        var threshold = Contrast.Otsu(crop.Histogram());
        var light = Contrast.IsLightOnDark(crop, threshold);
        var ink = new int[crop.Height];
        for (var y = 0; y < crop.Height; y++)
        {
            foreach (var pixel in crop.Row(y))
                ink[y] += pixel > threshold == light ? 1 : 0;
        }
        return ink;
    }

    private static IEnumerable<(int Start, int End)> Cores(int[] ink, double least)
    {
        var start = -1;
        for (var y = 0; y <= ink.Length; y++)
        {
            var isFull = y < ink.Length && ink[y] >= least;
            if (isFull && start < 0)
                start = y;
            if (isFull || start < 0)
                continue;
            yield return (start, y);
            start = -1;
        }
    }

    private static int Thinnest(int[] ink, int from, int to)
    {
        var best = from;
        for (var y = from; y < to; y++)
        {
            if (ink[y] < ink[best])
                best = y;
        }
        return best;
    }
}
