using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Moments of the sound of one video as they are stored.</summary>
internal static class SoundMomentRows
{
    public static IEnumerable<SoundMoment> Of(IndexingRun run, IReadOnlyList<HeardMoment> moments)
        => moments.Select(moment => new SoundMoment
        {
            IndexId = run.Index.Id,
            VideoId = run.VideoId,
            Start = moment.Start,
            End = moment.End,
            Classes = moment.Classes,
            Scores = moment.Scores,
        });
}
