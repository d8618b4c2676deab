namespace VideoUnderstanding.Inference.Speech;

/// <summary>Builds regions of speech from the probabilities of consecutive windows. Two thresholds keep an uncertain moment from ending a
/// word; short pauses and short noises are ignored.</summary>
/// <remarks>Keeps at most the probabilities of one region of maximum length.</remarks>
public sealed class VoiceRegions
{
    private readonly VoiceActivitySettings _settings;
    private readonly List<float> _probabilities = [];
    private readonly int _maxWindows;
    private long _windows;
    private long? _start;
    private long? _quietSince;
    private long _lastEnd;

    /// <param name="maxSeconds">A longer region is cut at the least probable moment of its second half.</param>
    public VoiceRegions(VoiceActivitySettings settings, double maxSeconds)
    {
        _settings = settings;
        _maxWindows = (int)(maxSeconds * settings.SampleRate) / settings.WindowSamples
            - 2 * Samples(settings.SpeechPadMs) / settings.WindowSamples;
    }

    /// <summary>Start of the current region in samples, including padding; null between regions.</summary>
    public long? OpenSince => _start is { } start ? Padded(start, start).Start : null;

    /// <summary>Adds the probability of the next window.</summary>
    /// <returns>The region that this window ends; null for most windows.</returns>
    public VoiceRegion? Add(float probability)
    {
        var now = _windows++ * _settings.WindowSamples;
        if (probability >= _settings.Threshold)
        {
            _start ??= now;
            _quietSince = null;
        }
        if (_start is null)
            return null;
        _probabilities.Add(probability);
        if (probability < _settings.NegativeThreshold)
            _quietSince ??= now;
        if (_quietSince is { } quiet && now - quiet >= Samples(_settings.MinSilenceMs))
            return Close(quiet);
        return _probabilities.Count >= _maxWindows ? Cut() : null;
    }

    /// <summary>Ends the current region at the end of the sound.</summary>
    /// <param name="length">Samples of the whole sound.</param>
    public VoiceRegion? Finish(long length) => _start is null ? null : Close(Math.Min(_quietSince ?? length, length)) is { } last
        ? last with { End = Math.Min(last.End, length) } : null;

    private VoiceRegion? Close(long end)
    {
        var start = _start!.Value;
        (_start, _quietSince) = (null, null);
        _probabilities.Clear();
        if (end - start < Samples(_settings.MinSpeechMs))
            return null;
        var region = Padded(start, end);
        _lastEnd = region.End;
        return region;
    }

    private VoiceRegion Cut()
    {
        var start = _start!.Value;
        var quietest = _probabilities.Count / 2;
        for (var i = quietest + 1; i < _probabilities.Count; i++)
        {
            if (_probabilities[i] < _probabilities[quietest])
                quietest = i;
        }
        var at = start + (long)quietest * _settings.WindowSamples;
        _start = at;
        _probabilities.RemoveRange(0, quietest);
        var region = new VoiceRegion(Padded(start, at).Start, at);
        _lastEnd = at;
        return region;
    }

    private VoiceRegion Padded(long start, long end)
    {
        var pad = Samples(_settings.SpeechPadMs);
        return new VoiceRegion(Math.Max(start - pad, _lastEnd), end + pad);
    }

    private int Samples(int milliseconds) => (int)((long)milliseconds * _settings.SampleRate / 1000);
}
