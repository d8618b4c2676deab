namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Joins boxes of text that belong together.</summary>
internal static class TextBoxes
{
    /// <summary>Joins boxes that cover each other and neighbours on one line of equal height, until nothing changes.</summary>
    public static IReadOnlyList<TextBox> Merge(IEnumerable<TextBox> boxes)
    {
        var rest = boxes.ToList();
        for (var changed = true; changed;)
        {
            changed = false;
            for (var i = 0; i < rest.Count; i++)
            {
                var j = rest.FindIndex(i + 1, other => Belong(rest[i], other));
                if (j < 0)
                    continue;
                rest[i] = rest[i].Union(rest[j]);
                rest.RemoveAt(j);
                (changed, i) = (true, i - 1);
            }
        }
        return rest;
    }

    private static bool Belong(TextBox a, TextBox b)
    {
        // One size of the picture finds words, the next one the line they stand in.
        if (a.Overlap(b) * 2 > Math.Min(a.Area, b.Area))
            return true;
        var (low, high) = (Math.Min(a.Height, b.Height), Math.Max(a.Height, b.Height));
        return a.VerticalOverlap(b) * 10 > high * 6 && low * 2 > high && a.Gap(b) < high;
    }
}
