using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference.Sound;

/// <summary>Divides a stream of samples into overlapping windows and classifies them in batches. Memory does not grow with the length of
/// the stream.</summary>
public sealed class SoundListener(OnnxSoundClassifier classifier)
{
    private const int BatchWindows = 16;

    /// <summary>Windows whose loudest sample is below this level (-60 dB) are silent and are not classified.</summary>
    private const float SilentBelow = 0.001f;

    private readonly SoundWindows _windows = classifier.Windows;
    private readonly float[] _window = new float[classifier.Windows.Samples];
    private readonly List<(long Number, float[] Samples)> _batch = [];
    private int _filled;
    private long _number;

    /// <summary>Calls <paramref name="onWindow"/> with the number and the class scores of every window that is not silent, in order of
    /// time.</summary>
    /// <param name="sound">Blocks of samples in -1..1, in order.</param>
    public async Task ListenAsync(IAsyncEnumerable<float[]> sound, Action<long, float[]> onWindow, CancellationToken cancellationToken)
    {
        await foreach (var block in sound.WithCancellation(cancellationToken))
        {
            for (var rest = block.AsMemory(); rest.Length > 0;)
            {
                var count = Math.Min(rest.Length, _window.Length - _filled);
                rest[..count].CopyTo(_window.AsMemory(_filled));
                (rest, _filled) = (rest[count..], _filled + count);
                if (_filled == _window.Length)
                    await EndWindowAsync(onWindow, cancellationToken);
            }
        }
        // The previous window contains the samples up to here, so a last one is needed only for those after it. It is padded with silence.
        if (_filled > (_number == 0 ? 0 : _window.Length - _windows.Hop))
        {
            _window.AsSpan(_filled).Clear();
            await EndWindowAsync(onWindow, cancellationToken);
        }
        await ClassifyAsync(onWindow, cancellationToken);
    }

    private async Task EndWindowAsync(Action<long, float[]> onWindow, CancellationToken cancellationToken)
    {
        if (Math.Abs(TensorPrimitives.MaxMagnitude<float>(_window)) >= SilentBelow)
            _batch.Add((_number, [.. _window]));
        _window.AsSpan(_windows.Hop).CopyTo(_window);
        _filled = _window.Length - _windows.Hop;
        _number++;
        if (_batch.Count == BatchWindows)
            await ClassifyAsync(onWindow, cancellationToken);
    }

    private async Task ClassifyAsync(Action<long, float[]> onWindow, CancellationToken cancellationToken)
    {
        if (_batch.Count == 0)
            return;
        var samples = new float[_batch.Count * _window.Length];
        for (var i = 0; i < _batch.Count; i++)
            _batch[i].Samples.CopyTo(samples, i * _window.Length);
        var scores = await classifier.ClassifyAsync(samples, cancellationToken);
        for (var i = 0; i < scores.Length; i++)
            onWindow(_batch[i].Number, scores[i]);
        _batch.Clear();
    }
}
