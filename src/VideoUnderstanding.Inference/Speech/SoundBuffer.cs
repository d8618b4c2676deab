namespace VideoUnderstanding.Inference.Speech;

/// <summary>The still needed part of a sound, addressed by sample numbers from its start.</summary>
public sealed class SoundBuffer
{
    private float[] _samples = new float[1 << 16];
    private int _count;

    /// <summary>Number of the first buffered sample.</summary>
    public long Start { get; private set; }

    /// <summary>Number of the sample after the last buffered one.</summary>
    public long End => Start + _count;

    public void Append(ReadOnlySpan<float> block)
    {
        if (_count + block.Length > _samples.Length)
            Array.Resize(ref _samples, Math.Max(_samples.Length * 2, _count + block.Length));
        block.CopyTo(_samples.AsSpan(_count));
        _count += block.Length;
    }

    /// <summary>Drops all samples before the given one.</summary>
    public void DropBefore(long sample)
    {
        var count = (int)Math.Clamp(sample - Start, 0, _count);
        _samples.AsSpan(count, _count - count).CopyTo(_samples);
        (Start, _count) = (Start + count, _count - count);
    }

    /// <summary>The buffered samples of the range, which may extend beyond the end of the sound.</summary>
    public ReadOnlySpan<float> Slice(long start, long end)
    {
        if (start < Start)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"Samples before {Start} are gone.");
        var to = Math.Min(end, End);
        return to <= start ? [] : _samples.AsSpan((int)(start - Start), (int)(to - start));
    }
}
