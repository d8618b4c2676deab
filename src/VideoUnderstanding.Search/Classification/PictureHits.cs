using VideoUnderstanding.Inference;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Moments whose pictures fit the prompts. Every picture is read once and compared with all prompts.</summary>
internal sealed class PictureHits
{
    /// <summary>A label may be in every second shot of a long video, and each counts.</summary>
    private static readonly MomentShape Shape = MomentShape.Default with { AtMost = 2_000 };

    private readonly ClipReader reader;
    private readonly PromptVectors prompts;
    private readonly ScoreCurve scores;
    private readonly double[] backgrounds;

    private PictureHits(ClipReader reader, PromptVectors prompts, ScoreCurve scores, double[] backgrounds)
        => (this.reader, this.prompts, this.scores, this.backgrounds) = (reader, prompts, scores, backgrounds);

    /// <param name="prompts">One at least.</param>
    public static async Task<PictureHits> ForAsync(ClipReader reader, string indexId, PromptVectors prompts, ScoreCurve scores, CancellationToken cancellationToken)
    {
        var samples = new List<float[]>();
        await foreach (var ordinary in reader.SampleVectorsAsync(indexId, VisualFragments.SampledVideos, VisualFragments.SampledFrames, cancellationToken))
            samples.Add(prompts.CosinesWith(ordinary));
        double[] weights = [.. Enumerable.Repeat(1.0, samples.Count)];
        return new PictureHits(reader, prompts, scores,
            [.. Enumerable.Range(0, prompts.Count).Select(prompt => Weighted.Median([.. samples.Select(cosines => (double)cosines[prompt])], weights))]);
    }

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        var videos = new Dictionary<string, List<ComparedFrame>>();
        await foreach (var frame in reader.FrameVectorsAsync(scope, cancellationToken))
        {
            if (!videos.TryGetValue(frame.VideoId, out var frames))
                videos.Add(frame.VideoId, frames = []);
            frames.Add(new ComparedFrame(frame.Start, frame.End, frame.Shot, prompts.CosinesWith(frame.Embedding)));
        }
        foreach (var (videoId, frames) in videos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames.Sort((one, other) => one.Start.CompareTo(other.Start));
            for (var i = 0; i < prompts.Count; i++)
            {
                var prompt = i;
                // No moment is more similar than its best frame, so most prompts need no curve to be cut.
                if (hits.Counts(scores.ScoreOf(frames.Max(frame => frame.Cosines[prompt]))))
                    hits.Add(prompts.Asked[i], VisualFragments.Cut(videoId, [.. frames.Select(frame => frame.For(prompt))], backgrounds[i], scores, Shape));
            }
        }
    }

    /// <summary>A frame and its cosine with every prompt.</summary>
    private sealed record ComparedFrame(double Start, double End, int Shot, float[] Cosines)
    {
        public CurveFrame For(int prompt) => new(Start, End, Shot, Cosines[prompt]);
    }
}
