using VideoUnderstanding.Inference.ScreenText;

namespace VideoUnderstanding.Indexing.ScreenText;

/// <summary>
/// Turns the lines of single pictures into segments of time. A line goes on while something alike is read in its place, or the very same is
/// read elsewhere (it moved); short gaps are bridged, and what was read only once and badly is dropped.
/// </summary>
public sealed class ScreenTextMerger(ScreenTextOptions options)
{
    /// <summary>Likeness from which a line is the same one although it stands somewhere else, as rolling credits do.</summary>
    private const double MovedSimilarity = 0.9;

    private readonly List<LineTrack> _open = [];
    private readonly List<ScreenTextSegment> _closed = [];
    private readonly List<LineTrack> _seenLast = [];

    /// <summary>Give the pictures in order of time, also those without text.</summary>
    public void Add(double time, IReadOnlyList<TextLine> lines)
    {
        // Only now is it known how long the lines of the picture before stood at least.
        _seenLast.ForEach(track => track.End = time);
        _seenLast.Clear();
        CloseOlderThan(time - options.BridgedSeconds);
        var readings = lines
            .Where(line => line.Confidence >= options.MinConfidence)
            .Select(line => new Reading(line, TextSimilarity.Normalise(line.Text)))
            .Where(reading => reading.Normalised.Length >= options.MinCharacters)
            .ToList();
        var free = new List<LineTrack>(_open);
        Continue(time, readings, free, (track, reading) => track.StandsWhere(reading.Line.Box) ? options.SameLineSimilarity : 2);
        Continue(time, readings, free, (_, _) => MovedSimilarity);
        foreach (var reading in readings)
        {
            var track = new LineTrack(time, reading.Line, reading.Normalised);
            _open.Add(track);
            _seenLast.Add(track);
        }
    }

    /// <summary>All segments in order of their start; lines of the last picture stand until the end of the video.</summary>
    public IReadOnlyList<ScreenTextSegment> Close(double duration)
    {
        _seenLast.ForEach(track => track.End = Math.Max(track.LastSeen, duration));
        CloseOlderThan(double.PositiveInfinity);
        return [.. _closed.OrderBy(segment => segment.Start).ThenBy(segment => segment.End)];
    }

    /// <summary>The segments so far that start within a stretch, in order of their start. What still stands ends with the last picture for
    /// now, and may get another text.</summary>
    public IReadOnlyList<ScreenTextSegment> SoFar(double from, double until)
        => [.. _closed.Concat(_open.Where(IsBelieved).Select(track => new ScreenTextSegment(track.Start, track.End, track.Text)))
            .Where(segment => segment.Start >= from && segment.Start < until)
            .OrderBy(segment => segment.Start).ThenBy(segment => segment.End)];

    /// <summary>The start of the first line that another picture has to confirm; <paramref name="time"/> without one.</summary>
    public double SettledUntil(double time)
        => _open.Where(track => !IsBelieved(track)).Select(track => track.Start).Append(time).Min();

    /// <summary>Pairs readings with lines, the most alike first, each once; what is paired leaves both lists.</summary>
    private void Continue(double time, List<Reading> readings, List<LineTrack> free, Func<LineTrack, Reading, double> needed)
    {
        var pairs = from track in free
                    from reading in readings
                    let likeness = TextSimilarity.Of(track.Normalised, reading.Normalised)
                    where likeness >= needed(track, reading)
                    orderby likeness descending
                    select (track, reading);
        foreach (var (track, reading) in pairs.ToList())
        {
            if (!free.Contains(track) || !readings.Remove(reading))
                continue;
            free.Remove(track);
            track.See(time, reading.Line, reading.Normalised);
            _seenLast.Add(track);
        }
    }

    private void CloseOlderThan(double time)
    {
        foreach (var track in _open.Where(track => track.End < time).ToList())
        {
            _open.Remove(track);
            if (IsBelieved(track))
                _closed.Add(new ScreenTextSegment(track.Start, track.End, track.Text));
        }
    }

    private bool IsBelieved(LineTrack track) => track.Readings > 1 || IsClear(track);

    /// <summary>Good enough to be believed from one picture.</summary>
    private bool IsClear(LineTrack track)
        => track.BestConfidence >= options.SingleReadingConfidence && track.Normalised.Length >= options.SingleReadingCharacters;

    private sealed record Reading(TextLine Line, string Normalised);
}
