using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
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
    private readonly ScoreMap map;
    private readonly CaptionBank? bank;
    private readonly IndexBackground[] backgrounds;

    private PictureHits(ClipReader reader, PromptVectors prompts, ScoreMap map, CaptionBank? bank, IndexBackground[] backgrounds)
        => (this.reader, this.prompts, this.map, this.bank, this.backgrounds) = (reader, prompts, map, bank, backgrounds);

    /// <param name="prompts">One at least.</param>
    public static async Task<PictureHits> ForAsync(ClipReader reader, string indexId, PromptVectors prompts, IQueryVectors vectors, CancellationToken cancellationToken)
    {
        var samples = new List<(float[] Cosines, string VideoId)>();
        await foreach (var (ordinary, videoId) in reader.SampleVectorsAsync(indexId, VisualFragments.SampledVideos, VisualFragments.SampledFrames, cancellationToken))
            samples.Add((prompts.CosinesWith(ordinary), videoId));
        var map = vectors.ScoresOf(EvidenceRole.Visual);
        var bank = map.NeedsStanding ? await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken) : null;
        return new PictureHits(reader, prompts, map, bank,
            [.. Enumerable.Range(0, prompts.Count).Select(prompt => IndexBackground.Of([.. samples.Select(row => new SampledDistance(1 - row.Cosines[prompt], row.VideoId))]))]);
    }

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        var videos = new Dictionary<string, List<ComparedFrame>>();
        await foreach (var frame in reader.FrameVectorsAsync(scope, cancellationToken))
        {
            if (!videos.TryGetValue(frame.VideoId, out var frames))
                videos.Add(frame.VideoId, frames = []);
            frames.Add(new ComparedFrame(frame.Start, frame.End, frame.Shot, prompts.CosinesWith(frame.Embedding), bank?.LevelOf(frame.Embedding) ?? default));
        }
        foreach (var (videoId, frames) in videos)
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames.Sort((one, other) => one.Start.CompareTo(other.Start));
            var levels = bank is null ? null : frames.GroupBy(frame => frame.Start).ToDictionary(same => same.Key, same => same.First().Level);
            for (var i = 0; i < prompts.Count; i++)
            {
                var prompt = i;
                var scores = new MomentScores(map, backgrounds[i]);
                // No moment is better than its best frame, so most prompts need no curve to be cut.
                if (!hits.Counts(map.ScoreOf(frames.Max(frame => frame.Cosines[prompt]), bank is null ? 0 : frames.Max(frame => scores.StandingOf(frame.Cosines[prompt], frame.Level)))))
                    continue;
                hits.Add(prompts.Asked[i], VisualFragments.Cut([.. frames.Select(frame => frame.For(prompt))], backgrounds[i], Shape)
                    .Select(moment => scores.Fragment(videoId, moment, levels is null ? null : frame => levels[frame.Start])));
            }
        }
    }

    /// <summary>A frame, its cosine with every prompt, and what the generic captions get on it.</summary>
    private sealed record ComparedFrame(double Start, double End, int Shot, float[] Cosines, BankLevel Level)
    {
        public CurveFrame For(int prompt) => new(Start, End, Shot, Cosines[prompt]);
    }
}
