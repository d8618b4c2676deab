namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Selects among text boxes that were found at several scales, and joins those of one line.</summary>
internal static class TextBoxes
{
    /// <summary>Minimum intersection over union of two equal boxes.</summary>
    private const double Same = 0.8;

    /// <summary>Share of a box covered by smaller ones from which it is a paragraph, whose lines are used instead.</summary>
    private const double Covered = 0.6;

    /// <summary>Share of a box covered by a box less than <see cref="OneLine"/> times as high, from which it is a piece of that
    /// line.</summary>
    private const double Inside = 0.9;
    private const double OneLine = 1.5;

    public static IReadOnlyList<TextBox> Choose(IReadOnlyList<FoundRegion> found)
    {
        var kept = new List<FoundRegion>();
        foreach (var region in found.OrderBy(region => region.Scale).ThenBy(region => region.Strength))
        {
            var existing = kept.FindIndex(other => IsSame(other.Box, region.Box) || IsPieceOf(other.Box, region.Box));
            if (existing >= 0)
                kept[existing] = kept[existing] with { Box = kept[existing].Box.Union(region.Box) };
            else if (!IsParagraph(region, kept))
                kept.Add(region);
        }
        var joined = JoinNeighbours(kept.Select(region => region.Box));
        return [.. joined.Where(box => !joined.Any(other => IsPieceOf(box, other)))];
    }

    // The same line found by stronger edges only, without its faint letters, or at a scale at which a wide gap cut off its end.
    private static bool IsPieceOf(TextBox box, TextBox line) =>
        box.Area < line.Area && box.Overlap(line) > Inside * box.Area && line.Height < OneLine * box.Height;

    private static bool IsSame(TextBox a, TextBox b)
    {
        var both = a.Overlap(b);
        return both > Same * (a.Area + b.Area - both);
    }

    // If only stronger edges separate the lines, parts of their letters may be missing; then the whole is read too.
    private static bool IsParagraph(FoundRegion region, List<FoundRegion> smaller) => smaller
        .Where(other => other.Scale <= region.Scale && other.Strength <= region.Strength && other.Box.Area < region.Box.Area)
        .Sum(other => other.Box.Overlap(region.Box)) > Covered * region.Box.Area;

    /// <summary>Joins neighbours of similar height on one line until nothing changes.</summary>
    private static List<TextBox> JoinNeighbours(IEnumerable<TextBox> boxes)
    {
        var rest = boxes.ToList();
        for (var i = 0; i < rest.Count; i++)
        {
            var j = rest.FindIndex(i + 1, other => AreNeighbours(rest[i], other));
            if (j < 0)
                continue;
            rest[i] = rest[i].Union(rest[j]);
            rest.RemoveAt(j);
            // The larger box may have neighbours among the earlier ones.
            i = -1;
        }
        return rest;
    }

    private static bool AreNeighbours(TextBox a, TextBox b)
    {
        var (low, high) = (Math.Min(a.Height, b.Height), Math.Max(a.Height, b.Height));
        return a.VerticalOverlap(b) * 10 > high * 7 && low * 10 > high * 7 && a.Gap(b) < high
            && a.Overlap(b) * 2 < Math.Min(a.Area, b.Area);
    }
}
