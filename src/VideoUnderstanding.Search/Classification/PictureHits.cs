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

    /// <summary>Moments whose frames one statement names.</summary>
    private const int MomentsAtOnce = 5_000;

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
        var found = new List<PromptMoment>();
        foreach (var (videoId, frames) in await FramesAsync(scope, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames.Sort((one, other) => one.Start.CompareTo(other.Start));
            for (var prompt = 0; prompt < prompts.Count; prompt++)
                found.AddRange(MomentsOf(videoId, frames, prompt, hits));
            if (found.Count < MomentsAtOnce)
                continue;
            await ScoreAsync(scope.IndexId, found, hits, cancellationToken);
            found.Clear();
        }
        await ScoreAsync(scope.IndexId, found, hits, cancellationToken);
    }

    private async Task<Dictionary<string, List<ComparedFrame>>> FramesAsync(SearchScope scope, CancellationToken cancellationToken)
    {
        var videos = new Dictionary<string, List<ComparedFrame>>();
        await foreach (var frame in reader.FrameVectorsAsync(scope, cancellationToken))
        {
            if (!videos.TryGetValue(frame.VideoId, out var frames))
                videos.Add(frame.VideoId, frames = []);
            frames.Add(new ComparedFrame(frame.Start, frame.End, frame.Shot, prompts.CosinesWith(frame.Embedding), bank?.MeanOf(frame.Embedding) ?? 0));
        }
        return videos;
    }

    /// <summary>Those that may count, for all that is known before the captions are looked at.</summary>
    private IEnumerable<PromptMoment> MomentsOf(string videoId, List<ComparedFrame> frames, int prompt, HitTable hits)
    {
        // No moment is better than its best frame, so most prompts need no curve to be cut.
        if (!hits.Counts(map.ScoreOf(frames.Max(frame => frame.Cosines[prompt]), frames.Max(frame => StandingAtMost(frame.Cosines[prompt], frame.Mean)))))
            return [];
        var means = frames.GroupBy(frame => frame.Start).ToDictionary(same => same.Key, same => same.Min(frame => frame.Mean));
        return VisualFragments.Cut([.. frames.Select(frame => frame.For(prompt))], backgrounds[prompt], Shape)
            .Where(moment => hits.Counts(map.ScoreOf(moment.Similarity, moment.Best.Max(best => StandingAtMost(best.Frame.Cosine, means[best.Frame.Start])))))
            .Select(moment => new PromptMoment(videoId, prompt, moment));
    }

    private double StandingAtMost(double cosine, double mean) => Standing.AtMost(cosine, mean, map.LeastSpread);

    /// <summary>Only the frames that make a moment are compared with the captions, as in a search.</summary>
    private async Task ScoreAsync(string indexId, List<PromptMoment> found, HitTable hits, CancellationToken cancellationToken)
    {
        var levels = new Dictionary<FramePlace, BankLevel>();
        if (bank is not null && found.Count > 0)
            await foreach (var (place, vector) in reader.FrameVectorsAtAsync(indexId, found.SelectMany(one => one.Places).ToHashSet(), cancellationToken))
                levels[place] = bank.LevelOf(vector);
        // A video may be deleted, or indexed anew, after its frames were read.
        foreach (var one in found.Where(one => bank is null || one.Places.All(levels.ContainsKey)))
            hits.Add(prompts.Asked[one.Prompt], [new MomentScores(map, backgrounds[one.Prompt]).Fragment(
                one.VideoId, one.Moment, bank is null ? null : frame => levels[new FramePlace(one.VideoId, frame.Start)])]);
    }

    /// <summary>A frame, its cosine with every prompt, and the mean of those with the generic captions.</summary>
    private sealed record ComparedFrame(double Start, double End, int Shot, float[] Cosines, double Mean)
    {
        public CurveFrame For(int prompt) => new(Start, End, Shot, Cosines[prompt]);
    }

    /// <param name="Prompt">Its place among the prompts.</param>
    private sealed record PromptMoment(string VideoId, int Prompt, Moment Moment)
    {
        public IEnumerable<FramePlace> Places => Moment.Best.Select(best => new FramePlace(VideoId, best.Frame.Start));
    }
}
