using System.Numerics.Tensors;

namespace VideoUnderstanding.Operations.Evaluation.Pooling;

/// <summary>A simple method that turns pictures into clips, for comparison with the moments of the search. The clips do not depend on the
/// query; one number rates each.</summary>
/// <param name="Cut">The clips of a video: start and end in seconds.</param>
/// <param name="Fit">Cosine of a clip with the query. Each picture comes with the seconds that it represents in the clip.</param>
public sealed record PoolingMethod(string Name, Func<FrameTrack, IEnumerable<(double Start, double End)>> Cut,
    Func<IReadOnlyList<(StoredFrame Frame, double Seconds)>, float[], double> Fit)
{
    /// <summary>Seconds of a fixed clip.</summary>
    public const double ClipSeconds = 10;

    public static IReadOnlyList<PoolingMethod> All { get; } =
    [
        new("mean of clip", FixedClips, MeanVector),
        new("max frame", FixedClips, BestFrame),
        new("mean of shot", Shots, MeanVector),
    ];

    /// <summary>All clips of a video with their cosines.</summary>
    public IEnumerable<(double Start, double End, double Cosine)> Apply(FrameTrack track, float[] query)
    {
        foreach (var (start, end) in Cut(track))
        {
            var inside = track.Frames.Select(frame => (Frame: frame, Seconds: Math.Min(frame.End, end) - Math.Max(frame.Start, start)))
                .Where(part => part.Seconds > 0).ToList();
            if (inside.Count > 0)
                yield return (start, end, Fit(inside, query));
        }
    }

    /// <summary>Clips of equal length; the last one may be shorter.</summary>
    internal static IEnumerable<(double Start, double End)> FixedClips(FrameTrack track)
    {
        var end = track.Frames[^1].End;
        for (var start = 0.0; start < end; start += ClipSeconds)
            yield return (start, Math.Min(end, start + ClipSeconds));
    }

    internal static IEnumerable<(double Start, double End)> Shots(FrameTrack track)
        => track.Frames.GroupBy(frame => frame.Shot).Select(shot => (shot.First().Start, shot.Last().End));

    /// <summary>Cosine with the mean of the vectors, weighted by seconds.</summary>
    internal static double MeanVector(IReadOnlyList<(StoredFrame Frame, double Seconds)> clip, float[] query)
    {
        var sum = new float[query.Length];
        foreach (var (frame, seconds) in clip)
            TensorPrimitives.MultiplyAdd(frame.Vector, (float)seconds, sum, sum);
        return TensorPrimitives.CosineSimilarity(sum, query);
    }

    internal static double BestFrame(IReadOnlyList<(StoredFrame Frame, double Seconds)> clip, float[] query)
        => clip.Max(part => TensorPrimitives.CosineSimilarity(part.Frame.Vector, query));
}
