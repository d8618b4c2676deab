using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>What a kept picture stands for. Seconds; the end is that of the next kept picture's start.</summary>
public readonly record struct PictureSpan(double Start, double End, int Shot);

/// <summary>Counts shots and closes each kept picture's span when the next one comes.</summary>
public sealed class PictureSpans
{
    private readonly List<PictureSpan> _spans = [];
    private int _shot = -1;

    public void Add(Frame kept)
    {
        if (kept.StartsShot || _shot < 0)
            _shot++;
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, kept.Start) };
        _spans.Add(new PictureSpan(kept.Start, kept.Start, _shot));
    }

    /// <summary>All spans; the last one ends with the video.</summary>
    public IReadOnlyList<PictureSpan> Close(double duration)
    {
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, duration) };
        return _spans;
    }
}
