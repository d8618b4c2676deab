using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Confidence;
using VideoUnderstanding.Search.Moments;
using VideoUnderstanding.Search.Sources;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Finds moments whose frames match the prompts. Each frame is read once and compared with all prompts.</summary>
internal sealed class PictureHits
{
    /// <summary>A label can occur in every second shot of a long video, so the limit is higher than that of a search.</summary>
    private static readonly MomentShape Shape = MomentShape.Default with { MaxMoments = 2_000 };

    /// <summary>Moments whose frame vectors one SQL statement reads.</summary>
    private const int MomentsPerQuery = 5_000;

    private readonly ClipReader _reader;
    private readonly PromptVectors _prompts;
    private readonly ScoreMap _map;
    private readonly CaptionBank? _bank;
    private readonly IndexBackground[] _backgrounds;

    private PictureHits(ClipReader reader, PromptVectors prompts, ScoreMap map, CaptionBank? bank, IndexBackground[] backgrounds)
        => (_reader, _prompts, _map, _bank, _backgrounds) = (reader, prompts, map, bank, backgrounds);

    /// <param name="prompts">At least one prompt.</param>
    public static async Task<PictureHits> ForAsync(
        ClipReader reader, SearchScope scope, PromptVectors prompts, IQueryVectors vectors, CancellationToken cancellationToken)
    {
        var samples = new List<(float[] Cosines, string VideoId)>();
        foreach (var (unit, videoId) in await reader.SampleVectorsAsync(scope, VisualFragments.SampledVideos,
            VisualFragments.SampledFrames, cancellationToken))
            samples.Add((prompts.CosinesWith(unit, 1), videoId));
        var map = vectors.ScoresOf(EvidenceRole.Visual);
        var bank = map.NeedsNormalizedScore ? await vectors.BankOfAsync(EvidenceRole.Visual, cancellationToken) : null;
        return new PictureHits(reader, prompts, map, bank,
            [.. Enumerable.Range(0, prompts.Count)
                .Select(
                    prompt => IndexBackground.Of([.. samples.Select(row => new SampledDistance(1 - row.Cosines[prompt], row.VideoId))]))]);
    }

    public async Task FindAsync(SearchScope scope, HitTable hits, CancellationToken cancellationToken)
    {
        var found = new List<PromptMoment>();
        foreach (var (videoId, frames) in await FramesAsync(scope, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            frames.Sort((one, other) => one.Start.CompareTo(other.Start));
            for (var prompt = 0; prompt < _prompts.Count; prompt++)
                found.AddRange(MomentsOf(videoId, frames, prompt, hits));
            if (found.Count < MomentsPerQuery)
                continue;
            await ScoreAsync(scope, found, hits, cancellationToken);
            found.Clear();
        }
        await ScoreAsync(scope, found, hits, cancellationToken);
    }

    private async Task<Dictionary<string, List<ComparedFrame>>> FramesAsync(SearchScope scope, CancellationToken cancellationToken)
    {
        var videos = new Dictionary<string, List<ComparedFrame>>();
        await foreach (var frame in _reader.FrameVectorsAsync(scope, cancellationToken))
        {
            if (!videos.TryGetValue(frame.VideoId, out var frames))
                videos.Add(frame.VideoId, frames = []);
            frames.Add(
                new ComparedFrame(frame.Start, frame.End, frame.Shot, _prompts.CosinesWith(frame.Embedding),
                    _bank?.MeanOf(frame.Embedding) ?? 0));
        }
        return videos;
    }

    /// <summary>Returns the moments whose score can reach the threshold. The upper bound needs only the mean of the generic
    /// captions.</summary>
    private IEnumerable<PromptMoment> MomentsOf(string videoId, List<ComparedFrame> frames, int prompt, HitTable hits)
    {
        // A moment's score cannot exceed that of its best frame. This check skips most prompts before the curve is segmented.
        if (!hits.IsHit(
            _map.ScoreOf(frames.Max(frame => frame.Cosines[prompt]),
                frames.Max(frame => NormalizedUpperBound(frame.Cosines[prompt], frame.Mean)))))
            return [];
        var means = frames.GroupBy(frame => frame.Start).ToDictionary(same => same.Key, same => same.Min(frame => frame.Mean));
        return VisualFragments.FindMoments([.. frames.Select(frame => frame.For(prompt))], _backgrounds[prompt], Shape)
            .Where(
                moment
                    => hits.IsHit(
                        _map.ScoreOf(moment.Similarity,
                            moment.Best.Max(best => NormalizedUpperBound(best.Frame.Cosine, means[best.Frame.Start])))))
            .Select(moment => new PromptMoment(videoId, prompt, moment));
    }

    private double NormalizedUpperBound(double cosine, double mean) => ScoreNormalization.UpperBound(cosine, mean, _map.LeastSpread);

    /// <summary>Scores the moments. Like a search, it compares only the best frames of each moment with the generic captions.</summary>
    private async Task ScoreAsync(SearchScope scope, List<PromptMoment> found, HitTable hits, CancellationToken cancellationToken)
    {
        var statistics = new Dictionary<FramePlace, CaptionStatistics>();
        if (_bank is not null && found.Count > 0)
            await foreach (var (place, vector) in _reader.FrameVectorsAtAsync(scope, found.SelectMany(one => one.Places).ToHashSet(),
                cancellationToken))
                statistics[place] = _bank.StatisticsOf(vector);
        foreach (var one in found)
            hits.Add(_prompts.Searches[one.Prompt], [new MomentScores(_map, _backgrounds[one.Prompt]).Fragment(
                one.VideoId, one.Moment, _bank is null ? null : frame => statistics[new FramePlace(one.VideoId, frame.Start)])]);
    }

    /// <summary>A frame with its cosine for each prompt, and the mean cosine with the generic captions.</summary>
    private sealed record ComparedFrame(double Start, double End, int Shot, float[] Cosines, double Mean)
    {
        public CurveFrame For(int prompt) => new(Start, End, Shot, Cosines[prompt]);
    }

    /// <param name="Prompt">Position of the prompt.</param>
    private sealed record PromptMoment(string VideoId, int Prompt, Moment Moment)
    {
        public IEnumerable<FramePlace> Places => Moment.Best.Select(best => new FramePlace(VideoId, best.Frame.Start));
    }
}
