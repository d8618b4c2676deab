using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing.Pictures;

/// <summary>What a kept picture stands for. Seconds; the end is that of the next kept picture's start.</summary>
public readonly record struct PictureSpan(double Start, double End, int Shot);

/// <summary>Counts shots and closes each kept picture's span when the next one comes.</summary>
public sealed class PictureSpans
{
    private readonly List<PictureSpan> _spans = [];
    private int _shot = -1;

    /// <summary>Start of the last picture; not a number before the first.</summary>
    public double LastStart => _spans.Count > 0 ? _spans[^1].Start : double.NaN;

    public void Add(Frame kept)
    {
        if (kept.StartsShot || _shot < 0)
            _shot++;
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, kept.Start) };
        _spans.Add(new PictureSpan(kept.Start, kept.Start, _shot));
    }

    /// <summary>Takes the spans that were added since the last call; the last one ends here. Shots are counted on.</summary>
    public IReadOnlyList<PictureSpan> Take(double end)
    {
        if (_spans.Count > 0)
            _spans[^1] = _spans[^1] with { End = Math.Max(_spans[^1].Start, end) };
        PictureSpan[] taken = [.. _spans];
        _spans.Clear();
        return taken;
    }
}
