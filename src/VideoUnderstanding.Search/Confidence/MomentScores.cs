using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Computes the scores of the moments of one query.</summary>
internal sealed class MomentScores(ScoreMap map, IndexBackground background)
{
    /// <param name="statisticsOf">Statistics of the generic captions for a frame; null if the map needs no normalised score.</param>
    public Fragment Fragment(string videoId, Moment moment, Func<CurveFrame, CaptionStatistics>? statisticsOf)
    {
        var evidence = statisticsOf is null ? null : EvidenceOf(moment, statisticsOf);
        return new Fragment(videoId, moment.Start, moment.End, IndexOptions.Visual,
            map.ScoreOf(moment.Similarity, evidence?.NormalizedScore ?? 0), Evidence: evidence);
    }

    /// <summary>Returns the score of one frame, 0 to 100.</summary>
    /// <param name="statistics">Statistics of the generic captions for the frame; null if the map needs no normalised score.</param>
    public double ScoreOf(CurveFrame frame, CaptionStatistics? statistics)
        => map.ScoreOf(frame.Cosine, statistics is { } captions ? NormalizedScoreOf(frame.Cosine, captions) : 0);

    /// <summary>Returns the normalised score of one frame. A moment's normalised score cannot exceed that of its best frame.</summary>
    public double NormalizedScoreOf(double cosine, CaptionStatistics statistics)
        => ScoreNormalization.Normalize(cosine, statistics, background, map.LeastSpread);

    private Evidence EvidenceOf(Moment moment, Func<CurveFrame, CaptionStatistics> statisticsOf)
        => new(moment.Similarity, moment.MeanOfBest(frame => NormalizedScoreOf(frame.Cosine, statisticsOf(frame))),
            moment.MeanOfBest(frame => statisticsOf(frame).Spread));
}
