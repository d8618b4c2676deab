using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Indexing.Sound;

/// <summary>Moments of the sound of one video as they are stored.</summary>
internal static class SoundMomentRows
{
    public static IEnumerable<SoundMoment> Of(VideoStretch video, IEnumerable<HeardMoment> moments)
        => moments.Select(moment => new SoundMoment
        {
            IndexId = video.IndexId,
            VideoId = video.VideoId,
            Start = moment.Start,
            End = moment.End,
            Classes = moment.Classes,
            Scores = moment.Scores,
        });
}
