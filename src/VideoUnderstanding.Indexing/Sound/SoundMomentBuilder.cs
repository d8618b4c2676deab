using System.ComponentModel.DataAnnotations;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Inference.Sound;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Selects the sound moments to store. Section <c>VideoUnderstanding:Sound</c>.</summary>
public sealed class SoundOptions
{
    public const string Section = "VideoUnderstanding:Sound";

    /// <summary>Minimum score of a class, 0.05 to 1.</summary>
    [Range(0.05, 1.0)]
    public double MinScore { get; set; } = 0.45;

    /// <summary>Maximum moments per hour of video; those with the highest scores are kept. Each video may have at least 50.</summary>
    [Range(50, 100_000)]
    public int MaxMomentsPerHour { get; set; } = 1_200;

    /// <summary>Returns the maximum number of moments of a video.</summary>
    /// <param name="duration">Duration of the video in seconds.</param>
    public int MomentsOf(double duration) => (int)Math.Max(50, Math.Ceiling(MaxMomentsPerHour * duration / 3600));
}

/// <summary>Builds sound moments from class scores of windows. A class lasts from its first to its last window; classes with nearly the
/// same range share a moment.</summary>
/// <param name="duration">Duration of the video in seconds.</param>
public sealed class SoundMomentBuilder(SoundClasses classes, SoundWindows windows, SoundOptions options, double duration)
{
    /// <summary>Maximum consecutive windows below the threshold within a range: about one second.</summary>
    private const int MaxGapWindows = 2;

    /// <summary>Maximum difference of the ends, in windows, of classes that share a moment.</summary>
    private const int SharedTolerance = 1;

    private readonly int _maxMoments = options.MomentsOf(duration);
    private readonly OpenRange?[] _open = new OpenRange?[classes.Count];
    private List<ClassRange> _closed = [];

    /// <summary>Minimum score to continue a range: half of the score that a moment needs.</summary>
    private double ContinueScore => options.MinScore / 2;

    /// <param name="window">Index of the window, ascending. Omitted windows are silent.</param>
    /// <param name="scores">Scores of all classes.</param>
    public void Add(long window, float[] scores)
    {
        for (var number = 0; number < scores.Length; number++)
        {
            if (!(scores[number] >= ContinueScore) || !classes.Answers(number))
                continue;
            if (_open[number] is { } open && window - open.Last <= MaxGapWindows + 1)
            {
                open.Add(window, scores[number]);
                continue;
            }
            Close(number);
            _open[number] = new OpenRange(window, scores[number]);
        }
    }

    /// <returns>All moments in order of time.</returns>
    public IReadOnlyList<DetectedMoment> Close()
    {
        for (var number = 0; number < _open.Length; number++)
            Close(number);
        return Moments(_closed);
    }

    /// <summary>Returns the current moments in order of time. Open ranges end with their last window provisionally.</summary>
    public IReadOnlyList<DetectedMoment> CurrentMoments()
        => Moments([.. _closed, .. _open.Select((open, number) => open is null ? null : Ended(number, open)).OfType<ClassRange>()]);

    private IReadOnlyList<DetectedMoment> Moments(List<ClassRange> closed)
    {
        var byFirst = closed.ToLookup(range => range.First);
        var taken = new HashSet<ClassRange>();
        var moments = new List<DetectedMoment>();
        foreach (var range in closed.OrderByDescending(range => range.Score).ThenBy(range => range.First)
            .ThenBy(range => range.Class))
        {
            if (moments.Count == _maxMoments)
                break;
            if (taken.Contains(range))
                continue;
            List<ClassRange> shared = [.. Enumerable.Range(-SharedTolerance, 2 * SharedTolerance + 1)
                .SelectMany(shift => byFirst[range.First + shift])
                .Where(other => Math.Abs(other.Last - range.Last) <= SharedTolerance && !taken.Contains(other))
                .OrderByDescending(other => other == range).ThenByDescending(other => other.Score).ThenBy(other => other.Class)
                    .Take(SoundMoment.MaxClasses)];
            taken.UnionWith(shared);
            if (MomentOf(range, shared) is { } moment)
                moments.Add(moment);
        }
        return [.. moments.OrderBy(moment => moment.Start).ThenBy(moment => moment.End)];
    }

    /// <summary>Returns the moment of a range. A window represents the hop in its middle, because neighbouring windows cover its ends; the
    /// first one starts with the video.</summary>
    private DetectedMoment? MomentOf(ClassRange range, List<ClassRange> shared)
    {
        var start = range.First == 0 ? 0 : (range.First + 0.5) * windows.HopSeconds;
        var end = Math.Min(duration, (range.Last + 1.5) * windows.HopSeconds);
        return start < end ? new DetectedMoment(start, end, [.. shared.Select(one => (short)one.Class)],
            [.. shared.Select(one => (float)Math.Round(one.Score, 4))]) : null;
    }

    private void Close(int number)
    {
        if (_open[number] is { } open && Ended(number, open) is { } range)
            _closed.Add(range);
        _open[number] = null;
        // Truncates the list rarely, so that sorting costs little.
        var bound = SoundMoment.MaxClasses * _maxMoments;
        if (_closed.Count > 2 * bound)
            _closed = [.. _closed.OrderByDescending(range => range.Score).Take(bound)];
    }

    /// <returns>Null if the class did not reach the minimum score.</returns>
    private ClassRange? Ended(int number, OpenRange open)
        => open.Score >= options.MinScore ? new ClassRange(number, open.First, open.Last, open.Score) : null;

    /// <summary>The range of windows of a sound class.</summary>
    private sealed record ClassRange(int Class, long First, long Last, double Score);

    private sealed class OpenRange(long first, float score)
    {
        private float _best = score;
        private float _second;

        public long First { get; } = first;

        public long Last { get; private set; } = first;

        /// <summary>Mean of the two best windows. Windows overlap by half, so a real sound appears in at least two; a false alarm often
        /// appears in one.</summary>
        public double Score => (_best + _second) / 2.0;

        public void Add(long window, float score)
        {
            Last = window;
            (_best, _second) = score > _best ? (score, _best) : (_best, Math.Max(_second, score));
        }
    }
}

/// <summary>A sound moment. Times are seconds; each class has a score, and the strongest class comes first.</summary>
public sealed record DetectedMoment(double Start, double End, short[] Classes, float[] Scores);

/// <summary>Creates the rows of the sound moments of one video.</summary>
internal static class SoundMomentRows
{
    public static IEnumerable<SoundMoment> Of(VideoRange video, IEnumerable<DetectedMoment> moments)
        => moments.Select(moment => new SoundMoment
        {
            IndexId = video.IndexId,
            VideoId = video.VideoId,
            Start = moment.Start,
            End = moment.End,
            Classes = moment.Classes,
            Scores = moment.Scores,
        });
}
