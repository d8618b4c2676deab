using System.Numerics.Tensors;

namespace VideoUnderstanding.Operations.Evaluation.Pooling;

/// <summary>A plain way from pictures to clips, to hold the moments of the search against. Clips are fixed before the query is known; one
/// number says how well each fits.</summary>
/// <param name="Cut">The clips of a video: seconds from, seconds to.</param>
/// <param name="Fit">Cosine of a clip with the query. Each picture comes with the seconds for which it stands inside the clip.</param>
public sealed record PoolingWay(string Name, Func<FrameTrack, IEnumerable<(double Start, double End)>> Cut,
    Func<IReadOnlyList<(StoredFrame Frame, double Seconds)>, float[], double> Fit)
{
    /// <summary>Seconds of a fixed clip.</summary>
    public const double ClipSeconds = 10;

    public static IReadOnlyList<PoolingWay> All { get; } =
    [
        new("mean of clip", FixedClips, MeanVector),
        new("max frame", FixedClips, BestFrame),
        new("mean of shot", Shots, MeanVector),
    ];

    /// <summary>Every clip of a video with its cosine.</summary>
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

    /// <summary>Clips of equal length; the last one is what is left.</summary>
    internal static IEnumerable<(double Start, double End)> FixedClips(FrameTrack track)
    {
        var end = track.Frames[^1].End;
        for (var start = 0.0; start < end; start += ClipSeconds)
            yield return (start, Math.Min(end, start + ClipSeconds));
    }

    internal static IEnumerable<(double Start, double End)> Shots(FrameTrack track)
        => track.Frames.GroupBy(frame => frame.Shot).Select(shot => (shot.First().Start, shot.Last().End));

    /// <summary>Cosine with the mean of the vectors, each with the weight of its seconds.</summary>
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
