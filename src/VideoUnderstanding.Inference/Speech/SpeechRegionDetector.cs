namespace VideoUnderstanding.Inference.Speech;

/// <summary>Detects speech in one stream of sound and returns regions of speech as they end.</summary>
public sealed class SpeechRegionDetector
{
    /// <summary>Windows of one call of the network: 16 s with Silero's windows of 32 ms.</summary>
    private const int WindowsPerCall = 500;

    private readonly VoiceActivity _network;
    private readonly VoiceRegions _regions;
    private readonly VoiceState _state;
    private readonly float[] _windows;
    private readonly float[] _context;
    private readonly int _width;
    private int _filled;
    private long _evaluated;

    internal SpeechRegionDetector(VoiceActivity network, double maxSeconds)
    {
        var settings = network.Settings;
        _network = network;
        _regions = new VoiceRegions(settings, maxSeconds);
        _state = network.NewState();
        _width = settings.ContextSamples + settings.WindowSamples;
        _windows = new float[WindowsPerCall * _width];
        _context = new float[settings.ContextSamples];
    }

    /// <summary>No later region starts before this sample.</summary>
    public long SettledUntil => _regions.OpenSince
        ?? Math.Max(0, _evaluated - (long)_network.Settings.SpeechPadMs * _network.Settings.SampleRate / 1000);

    /// <returns>The regions that ended, as far as the network has been run.</returns>
    public async Task<IReadOnlyList<VoiceRegion>> AddAsync(ReadOnlyMemory<float> block, CancellationToken cancellationToken)
    {
        var found = new List<VoiceRegion>();
        var (size, context) = (_network.Settings.WindowSamples, _context.Length);
        for (var rest = block; rest.Length > 0;)
        {
            var (window, offset) = (_filled / size, _filled % size);
            if (offset == 0)
                _context.CopyTo(_windows.AsSpan(window * _width));
            var count = Math.Min(rest.Length, size - offset);
            rest.Span[..count].CopyTo(_windows.AsSpan(window * _width + context + offset));
            (rest, _filled) = (rest[count..], _filled + count);
            // The last samples of a window are the context of the next one.
            if (offset + count == size)
                _windows.AsSpan((window + 1) * _width - context, context).CopyTo(_context);
            if (_filled == WindowsPerCall * size)
                await EvaluateAsync(found, cancellationToken);
        }
        return found;
    }

    /// <returns>The regions that end with the sound.</returns>
    public async Task<IReadOnlyList<VoiceRegion>> FinishAsync(CancellationToken cancellationToken)
    {
        var found = new List<VoiceRegion>();
        var length = _evaluated + _filled;
        if (_filled % _network.Settings.WindowSamples is > 0 and var part)
        {
            var window = _filled / _network.Settings.WindowSamples;
            _windows.AsSpan(window * _width + _context.Length + part, _network.Settings.WindowSamples - part).Clear();
            _filled += _network.Settings.WindowSamples - part;
        }
        if (_filled > 0)
            await EvaluateAsync(found, cancellationToken);
        if (_regions.Finish(length) is { } last)
            found.Add(last);
        return found;
    }

    private async Task EvaluateAsync(List<VoiceRegion> found, CancellationToken cancellationToken)
    {
        var windows = _filled / _network.Settings.WindowSamples;
        foreach (var probability in await _network.RunAsync(_windows.AsMemory(0, windows * _width), _state, cancellationToken))
        {
            if (_regions.Add(probability) is { } region)
                found.Add(region);
        }
        (_evaluated, _filled) = (_evaluated + _filled, 0);
    }
}
