using System.Collections.Concurrent;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>Measured speeds of stages since the process started, in seconds of work per second of video.</summary>
public sealed class StageSpeeds
{
    /// <summary>Weight of the newest measurement in the exponential moving average.</summary>
    private const double NewestShare = 0.4;

    private readonly ConcurrentDictionary<string, double> _measured = new();

    public double Of(string stage, double firstGuess) => _measured.GetValueOrDefault(stage, firstGuess);

    public void Record(string stage, double secondsPerSecond)
        => _measured.AddOrUpdate(stage, secondsPerSecond, (_, known) => known + (secondsPerSecond - known) * NewestShare);
}
