namespace VideoUnderstanding.Media;

/// <summary>Places samples by their timestamps: fills gaps with silence, drops overlaps and everything before time 0.</summary>
/// <param name="sampleRate">Samples per second.</param>
internal sealed class SoundTimeline(int sampleRate)
{
    // Seconds. Timestamps are rounded and drift; smaller differences are no gaps. ffmpeg uses the same value.
    private const double Tolerance = 0.1;

    private float[] _block = new float[sampleRate];
    private int _filled;
    private long _received;

    /// <summary>Number of samples placed so far.</summary>
    public long Position { get; private set; }

    /// <summary>Places samples and returns the completed blocks of one second.</summary>
    /// <param name="at">Time of the first sample, in samples.</param>
    /// <param name="maxSamples">Maximum samples for the length of the sound.</param>
    /// <exception cref="MediaException">There are more samples than <paramref name="maxSamples"/>.</exception>
    public IEnumerable<float[]> Add(long at, ReadOnlyMemory<float> samples, long maxSamples)
    {
        var tolerance = (long)(Tolerance * sampleRate);
        _received += samples.Length;
        if (Math.Max(at + samples.Length, _received) > maxSamples)
            throw new MediaException("The file is broken: it has far more sound than its duration allows.");
        // Sound before the first frame is not part of the video.
        if (at < 0 && Position == 0)
        {
            var early = (int)Math.Min(-at, samples.Length);
            (at, samples) = (at + early, samples[early..]);
        }
        if (at < Position - tolerance)
            samples = samples[(int)Math.Min(Position - at, samples.Length)..];
        var silence = at > Position + tolerance || (Position == 0 && at > 0) ? at - Position : 0;
        for (var left = silence + samples.Length; left > 0;)
        {
            var count = (int)Math.Min(left > samples.Length ? left - samples.Length : left, _block.Length - _filled);
            if (left <= samples.Length)
                samples.Span.Slice(samples.Length - (int)left, count).CopyTo(_block.AsSpan(_filled));
            (left, _filled, Position) = (left - count, _filled + count, Position + count);
            if (_filled == _block.Length)
                yield return TakeBlock();
        }
    }

    /// <summary>The samples after the last whole block.</summary>
    public float[] TakeRest()
    {
        var filled = _filled;
        return TakeBlock()[..filled];
    }

    private float[] TakeBlock()
    {
        var block = _block;
        (_block, _filled) = (new float[sampleRate], 0);
        return block;
    }
}

/// <summary>Mixes stereo to mono as the mean of the channels. If the channels are out of phase (a balanced microphone on a stereo input),
/// their mean is silence; then half their difference is used.</summary>
/// <param name="gain">Factor for every sample.</param>
internal sealed class MonoMix(double gain)
{
    // The difference of normal stereo rarely has more energy than the mean.
    private const double OutOfPhaseRatio = 4;

    // Factor of the second channel: 1 for the mean, -1 for the difference.
    private float _sign = 1;

    /// <param name="frame">Pairs of samples.</param>
    /// <returns>Samples in -1..1.</returns>
    public float[] Mix(ReadOnlySpan<float> frame)
    {
        var (mean, difference) = (0.0, 0.0);
        for (var i = 0; i + 1 < frame.Length; i += 2)
        {
            var (left, right) = (FiniteOrZero(frame[i]), FiniteOrZero(frame[i + 1]));
            mean += (left + right) * (left + right);
            difference += (left - right) * (left - right);
        }
        var before = _sign;
        if (difference > OutOfPhaseRatio * mean)
            _sign = -1;
        else if (mean > difference)
            _sign = 1;
        var mono = new float[frame.Length / 2];
        for (var i = 0; i < mono.Length; i++)
        {
            // A change is spread over the frame to avoid a click.
            var sign = before + (_sign - before) * (i + 1) / mono.Length;
            mono[i] = (float)Math.Clamp((FiniteOrZero(frame[2 * i]) + sign * FiniteOrZero(frame[2 * i + 1])) / 2 * gain, -1, 1);
        }
        return mono;
    }

    // A damaged stream may contain any value.
    private static float FiniteOrZero(float sample) => float.IsFinite(sample) ? sample : 0;
}
