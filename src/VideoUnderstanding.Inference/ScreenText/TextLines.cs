namespace VideoUnderstanding.Inference.ScreenText;

/// <summary>Builds lines from words and sorts lines into reading order.</summary>
internal static class TextLines
{
    /// <summary>The lines of one region, without words and lines that are noise.</summary>
    public static IEnumerable<TextLine> From(IReadOnlyList<DetectedWord> words, double minConfidence) => words
        .Where(word => TextFilter.IsWord(word, minConfidence))
        .GroupBy(word => word.Line)
        .Select(line => new TextLine(
            string.Join(' ', line.Select(word => word.Text)),
            line.Select(word => word.Box).Aggregate((a, b) => a.Union(b)),
            line.Average(word => word.Confidence)))
        .Where(line => TextFilter.IsLine(line.Text, line.Confidence, minConfidence));

    /// <summary>Sorted from the top. Close pieces on one baseline become one line, from the left.</summary>
    public static IReadOnlyList<TextLine> InReadingOrder(IEnumerable<TextLine> lines)
    {
        var ordered = new List<TextLine>();
        foreach (var line in WithoutDoubles(lines).OrderBy(line => line.Box.Left))
        {
            var left = ordered.FindLastIndex(other => IsContinued(other.Box, line.Box));
            if (left < 0)
                ordered.Add(line);
            else
                ordered[left] = Join(ordered[left], line);
        }
        return [.. ordered.OrderBy(line => line.Box.Top).ThenBy(line => line.Box.Left)];
    }

    /// <summary>Regions may overlap; of two readings of one place the more confident one is kept.</summary>
    private static List<TextLine> WithoutDoubles(IEnumerable<TextLine> lines)
    {
        var kept = new List<TextLine>();
        foreach (var line in lines.OrderByDescending(line => line.Confidence * line.Text.Length))
        {
            if (!kept.Any(other => other.Box.Overlap(line.Box) * 2 > Math.Min(other.Box.Area, line.Box.Area)))
                kept.Add(line);
        }
        return kept;
    }

    private static bool IsContinued(TextBox left, TextBox right)
    {
        var height = Math.Max(left.Height, right.Height);
        return left.VerticalOverlap(right) * 2 > Math.Min(left.Height, right.Height) && Math.Min(left.Height, right.Height) * 2 > height
            && right.Left - left.Right < height * 3 / 2;
    }

    private static TextLine Join(TextLine left, TextLine right)
    {
        var (a, b) = (left.Text.Length, right.Text.Length);
        return new TextLine($"{left.Text} {right.Text}", left.Box.Union(right.Box), (left.Confidence * a + right.Confidence * b) / (a + b));
    }
}
