namespace VideoUnderstanding.Inference.Speech;

/// <summary>The part of a sound that is still needed, addressed by samples from the sound's start.</summary>
public sealed class SoundBuffer
{
    private float[] _samples = new float[1 << 16];
    private int _count;

    /// <summary>First sample that is held.</summary>
    public long Start { get; private set; }

    /// <summary>Sample after the last that is held.</summary>
    public long End => Start + _count;

    public void Append(ReadOnlySpan<float> block)
    {
        if (_count + block.Length > _samples.Length)
            Array.Resize(ref _samples, Math.Max(_samples.Length * 2, _count + block.Length));
        block.CopyTo(_samples.AsSpan(_count));
        _count += block.Length;
    }

    /// <summary>Forgets all before the sample.</summary>
    public void DropBefore(long sample)
    {
        var count = (int)Math.Clamp(sample - Start, 0, _count);
        _samples.AsSpan(count, _count - count).CopyTo(_samples);
        (Start, _count) = (Start + count, _count - count);
    }

    /// <summary>The samples of the range that are held; a window may reach beyond the sound's end.</summary>
    public ReadOnlySpan<float> Slice(long start, long end)
    {
        if (start < Start)
            throw new ArgumentOutOfRangeException(nameof(start), start, $"Samples before {Start} are gone.");
        var to = Math.Min(end, End);
        return to <= start ? [] : _samples.AsSpan((int)(start - Start), (int)(to - start));
    }
}
