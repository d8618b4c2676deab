using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>
/// Merges the text lines of single frames into time segments. A line continues while a similar text is read in the same place, or almost
/// the same text elsewhere (it moved). Short gaps are bridged; lines with a single reading of low confidence are dropped.
/// </summary>
public sealed class ScreenTextMerger(ScreenTextOptions options)
{
    /// <summary>Minimum similarity of a line that moved, such as rolling credits.</summary>
    private const double MovedSimilarity = 0.9;

    private readonly List<LineTrack> _open = [];
    private readonly List<ScreenTextSegment> _closed = [];
    private readonly List<LineTrack> _lastFrameTracks = [];

    /// <summary>Adds the lines of a frame. Frames must be in order of time, including those without text.</summary>
    public void Add(double time, IReadOnlyList<TextLine> lines)
    {
        // The lines of the previous frame lasted at least until this frame.
        _lastFrameTracks.ForEach(track => track.End = time);
        _lastFrameTracks.Clear();
        CloseOlderThan(time - options.BridgedSeconds);
        var readings = lines
            .Where(line => line.Confidence >= options.MinConfidence)
            .Select(line => new Reading(line, TextSimilarity.Normalise(line.Text)))
            .Where(reading => reading.Normalised.Length >= options.MinCharacters)
            .ToList();
        var unmatched = new List<LineTrack>(_open);
        Match(time, readings, unmatched, (track, reading) => track.Overlaps(reading.Line.Box) ? options.SameLineSimilarity : 2);
        Match(time, readings, unmatched, (_, _) => MovedSimilarity);
        foreach (var reading in readings)
        {
            var track = new LineTrack(time, reading.Line, reading.Normalised);
            _open.Add(track);
            _lastFrameTracks.Add(track);
        }
    }

    /// <summary>Ends all lines and returns all segments in order of start. Lines of the last frame end with the video.</summary>
    public IReadOnlyList<ScreenTextSegment> Close(double duration)
    {
        _lastFrameTracks.ForEach(track => track.End = Math.Max(track.LastSeen, duration));
        CloseOlderThan(double.PositiveInfinity);
        return [.. _closed.OrderBy(segment => segment.Start).ThenBy(segment => segment.End)];
    }

    /// <summary>Returns the current segments that start within a range, in order of start. Open lines end with the last frame
    /// provisionally, and their text can still change.</summary>
    public IReadOnlyList<ScreenTextSegment> CurrentSegments(double from, double until)
        => [.. _closed.Concat(_open.Where(IsConfirmed).Select(track => new ScreenTextSegment(track.Start, track.End, track.Text)))
            .Where(segment => segment.Start >= from && segment.Start < until)
            .OrderBy(segment => segment.Start).ThenBy(segment => segment.End)];

    /// <summary>Returns the start of the first unconfirmed line, or <paramref name="time"/> if there is none.</summary>
    public double ConfirmedUntil(double time)
        => _open.Where(track => !IsConfirmed(track)).Select(track => track.Start).Append(time).Min();

    /// <summary>Matches readings with tracks, most similar first, each once, and removes the matches from both lists.</summary>
    private void Match(double time, List<Reading> readings, List<LineTrack> unmatched, Func<LineTrack, Reading, double> minSimilarity)
    {
        var pairs = from track in unmatched
                    from reading in readings
                    let similarity = TextSimilarity.Of(track.Normalised, reading.Normalised)
                    where similarity >= minSimilarity(track, reading)
                    orderby similarity descending
                    select (track, reading);
        foreach (var (track, reading) in pairs.ToList())
        {
            if (!unmatched.Contains(track) || !readings.Remove(reading))
                continue;
            unmatched.Remove(track);
            track.AddReading(time, reading.Line, reading.Normalised);
            _lastFrameTracks.Add(track);
        }
    }

    private void CloseOlderThan(double time)
    {
        foreach (var track in _open.Where(track => track.End < time).ToList())
        {
            _open.Remove(track);
            if (IsConfirmed(track))
                _closed.Add(new ScreenTextSegment(track.Start, track.End, track.Text));
        }
    }

    private bool IsConfirmed(LineTrack track) => track.Readings > 1 || IsConfident(track);

    /// <summary>True if a single reading is sufficient.</summary>
    private bool IsConfident(LineTrack track)
        => track.BestConfidence >= options.SingleReadingConfidence && track.Normalised.Length >= options.SingleReadingCharacters;

    private sealed record Reading(TextLine Line, string Normalised);
}

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

/// <summary>A line of screen text with its time range in seconds.</summary>
public sealed record ScreenTextSegment(double Start, double End, string Text);
