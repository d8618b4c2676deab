using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>A line of text tracked over several frames. Its text is the reading with the highest confidence.</summary>
internal sealed class LineTrack(double start, TextLine line, string normalised)
{
    private double _bestConfidence = line.Confidence;

    public double Start { get; } = start;
    public string Text { get; private set; } = line.Text;
    public string Normalised { get; private set; } = normalised;
    public TextBox Box { get; private set; } = line.Box;
    public int Readings { get; private set; } = 1;
    public double BestConfidence => _bestConfidence;

    /// <summary>Time in seconds of the last frame in which the line was read.</summary>
    public double LastSeen { get; private set; } = start;

    /// <summary>Time in seconds of the next frame: the assumed end of the line.</summary>
    public double End { get; set; } = start;

    public void AddReading(double time, TextLine line, string normalised)
    {
        (LastSeen, Box) = (time, line.Box);
        Readings++;
        if (line.Confidence <= _bestConfidence)
            return;
        (_bestConfidence, Text, Normalised) = (line.Confidence, line.Text, normalised);
    }

    /// <summary>Returns true if the intersection of the boxes covers at least half of the smaller one.</summary>
    public bool Overlaps(TextBox box)
    {
        var width = Math.Min(Box.Right, box.Right) - Math.Max(Box.Left, box.Left);
        var height = Math.Min(Box.Bottom, box.Bottom) - Math.Max(Box.Top, box.Top);
        return width > 0 && height > 0 && 2L * width * height >= Math.Min(Area(Box), Area(box));
    }

    private static long Area(TextBox box) => (long)(box.Right - box.Left) * (box.Bottom - box.Top);
}
