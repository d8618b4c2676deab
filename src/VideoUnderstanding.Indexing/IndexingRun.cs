using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>One try at one task: what its stages know, and what they hand on to each other.</summary>
/// <param name="Task">The task as it was when the try began; not tracked.</param>
/// <param name="Index">The index the video goes into.</param>
/// <param name="StartedAt">When the try began. Writes that do not find it in the task's row come from a try that was overtaken, and change nothing.</param>
/// <param name="VideoPath">The video's file.</param>
/// <param name="TranscriptPath">The user's own transcript, where the task has one.</param>
public sealed record IndexingRun(IndexingTask Task, VideoIndex Index, DateTimeOffset StartedAt, string VideoPath, string TranscriptPath)
{
    /// <summary>Stages that are written down as done, by this try or an earlier one.</summary>
    public HashSet<string> FinishedStages { get; } = [.. Task.FinishedStages];

    /// <summary>The room that a fetched video takes, held until the run ends: its size is in its row by then. Set by FetchSources.</summary>
    public SpaceReservation? Space { get; set; }

    /// <summary>What the file holds. Set by ProbeMedia, which runs in every try.</summary>
    public MediaInfo Media
    {
        get => field ?? throw new InvalidOperationException("The media is known only after ProbeMedia.");
        set;
    }

    /// <summary>Number of this try since the last finished stage, from 1. Kept by the journal.</summary>
    public int AttemptNow { get; set; } = Task.Attempts + 1;

    public string VideoId => Task.VideoId;

    public bool Has(string option) => Index.Options.Contains(option);

    /// <summary>True when speech must be looked for in the sound.</summary>
    public bool NeedsSound => Has(IndexOptions.Conversation) && !Task.ProvidesTranscription;
}
