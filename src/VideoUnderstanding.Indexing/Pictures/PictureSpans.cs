using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>The time range that a kept frame represents, in seconds. It ends at the start of the next kept frame.</summary>
public readonly record struct PictureSpan(double Start, double End, int Shot);

/// <summary>Counts shots and computes the time ranges of kept frames.</summary>
public sealed class PictureSpans
{
    private readonly List<PictureSpan> _spans = [];
    private int _shot = -1;

    /// <summary>Start of the last frame in seconds; NaN before the first.</summary>
    public double LastStart => _spans.Count > 0 ? _spans[^1].Start : double.NaN;

    public void Add(Frame kept)
    {
        if (kept.StartsShot || _shot < 0)
            _shot++;
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, kept.Start) };
        _spans.Add(new PictureSpan(kept.Start, kept.Start, _shot));
    }

    /// <summary>Returns and removes the spans added since the last call; the last one ends here. The shot number continues.</summary>
    public IReadOnlyList<PictureSpan> Take(double end)
    {
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, end) };
        PictureSpan[] taken = [.. _spans];
        _spans.Clear();
        return taken;
    }
}
