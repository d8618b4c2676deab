using VideoUnderstanding.Operations.Evaluation.Pooling;

namespace VideoUnderstanding.UnitTests.Operations.Evaluation;

/// <summary>A video of two shots in a plane: 0-6 s parallel to the query, 6-24 s perpendicular to it, in pictures of 2 s.</summary>
public sealed class PoolingMethodTests
{
    private static readonly float[] Query = [1, 0];

    private static readonly FrameTrack Track = new("a",
        [.. Enumerable.Range(0, 12).Select(i => new StoredFrame(2 * i, 2 * i + 2, i < 3 ? 0 : 1, i < 3 ? [1, 0] : [0, 1]))]);

    [Fact]
    public void The_mean_of_a_clip_is_weighted_by_seconds()
    {
        var clips = Method("mean of clip").Apply(Track, Query).ToList();

        Assert.Equal([(0.0, 10.0), (10, 20), (20, 24)], clips.Select(clip => (clip.Start, clip.End)));
        // 6 s parallel and 4 s perpendicular: 6 / sqrt(36 + 16).
        Assert.Equal(6 / Math.Sqrt(52), clips[0].Cosine, 5);
        Assert.Equal([0.0, 0], clips.Skip(1).Select(clip => Math.Round(clip.Cosine, 6)));
    }

    [Fact]
    public void Max_pooling_uses_the_best_picture_of_a_clip()
        => Assert.Equal([1.0, 0, 0], Method("max frame").Apply(Track, Query).Select(clip => Math.Round(clip.Cosine, 6)));

    [Fact]
    public void Each_shot_is_a_clip()
        => Assert.Equal([(0.0, 6.0, 1.0), (6, 24, 0)],
            Method("mean of shot").Apply(Track, Query).Select(clip => (clip.Start, clip.End, Math.Round(clip.Cosine, 6))));

    [Fact]
    public void A_picture_across_a_cut_counts_on_both_sides()
    {
        var track = new FrameTrack("a", [new StoredFrame(0, 8, 0, [1, 0]), new StoredFrame(8, 16, 0, [0, 1])]);

        var clips = Method("mean of clip").Apply(track, Query).ToList();

        // 8 s parallel and 2 s perpendicular, then 6 s perpendicular.
        Assert.Equal(8 / Math.Sqrt(68), clips[0].Cosine, 5);
        Assert.Equal((10, 16, 0), (clips[1].Start, clips[1].End, Math.Round(clips[1].Cosine, 6)));
    }

    private static PoolingMethod Method(string name) => PoolingMethod.All.Single(method => method.Name == name);
}
