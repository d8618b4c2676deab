using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Search.Moments;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Scores the moments of one query.</summary>
internal sealed class MomentScores(ScoreMap map, IndexBackground background)
{
    /// <param name="levelOf">What the generic captions get on a frame; null when the map needs no standing.</param>
    public Fragment Fragment(string videoId, Moment moment, Func<CurveFrame, BankLevel>? levelOf)
    {
        var evidence = levelOf is null ? null : EvidenceOf(moment, levelOf);
        return new Fragment(videoId, moment.Start, moment.End, IndexOptions.Visual, map.ScoreOf(moment.Similarity, evidence?.Standing ?? 0),
            Evidence: evidence);
    }

    /// <summary>The standing of one frame; no moment stands above its best frame.</summary>
    public double StandingOf(double cosine, BankLevel level) => Standing.Of(cosine, level, background, map.LeastSpread);

    private Evidence EvidenceOf(Moment moment, Func<CurveFrame, BankLevel> levelOf)
        => new(moment.Similarity, moment.MeanOfBest(frame => StandingOf(frame.Cosine, levelOf(frame))),
            moment.MeanOfBest(frame => levelOf(frame).Spread));
}
