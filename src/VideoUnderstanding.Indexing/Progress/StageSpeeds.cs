using System.Collections.Concurrent;

namespace VideoUnderstanding.Indexing.Progress;

/// <summary>What stages really took on this machine since it started: seconds of work per second of video.</summary>
public sealed class StageSpeeds
{
    /// <summary>Share of the newest measurement: quick to learn, not thrown off by one odd video.</summary>
    private const double NewestShare = 0.4;

    private readonly ConcurrentDictionary<string, double> _measured = new();

    public double Of(string stage, double firstGuess) => _measured.GetValueOrDefault(stage, firstGuess);

    public void Learn(string stage, double secondsPerSecond)
        => _measured.AddOrUpdate(stage, secondsPerSecond, (_, known) => known + (secondsPerSecond - known) * NewestShare);
}
