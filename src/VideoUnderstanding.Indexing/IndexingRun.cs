using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>One try at one task: what its stages know, and what they hand on to each other.</summary>
/// <param name="Task">The task as it was when the try began; not tracked.</param>
/// <param name="Index">The index the video goes into.</param>
/// <param name="StartedAt">When the try began. Writes that do not find it in the task's row come from a try that was overtaken, and change
/// nothing.</param>
public sealed record IndexingRun(IndexingTask Task, VideoIndex Index, DateTimeOffset StartedAt)
{
    /// <summary>Stages that are written down as done, by this try or an earlier one.</summary>
    public HashSet<string> FinishedStages { get; } = [.. Task.FinishedStages];

    /// <summary>The room that a fetched video takes, held until the run ends: its size is in its row by then. Set by
    /// FetchSources.</summary>
    public SpaceReservation? Space { get; set; }

    /// <summary>The video's file on this machine. Set by ProbeMedia.</summary>
    public LocalCopy? Video { get; set; }

    /// <summary>The user's own transcript on this machine; null if there is none. Set by ProbeMedia.</summary>
    public LocalCopy? Transcript { get; set; }

    public string VideoPath => Video?.Path ?? throw new InvalidOperationException("The video is opened by ProbeMedia.");

    /// <summary>What the file holds. Set by ProbeMedia, which runs in every try.</summary>
    public MediaInfo Media
    {
        get => field ?? throw new InvalidOperationException("The media is known only after ProbeMedia.");
        set
        {
            field = value;
            HasMedia = true;
        }
    }

    /// <summary>True once ProbeMedia has set <see cref="Media"/>.</summary>
    public bool HasMedia { get; private set; }

    /// <summary>Number of this try since the last finished stage, from 1. Kept by the journal.</summary>
    public int AttemptNow { get; set; } = Task.Attempts + 1;

    public string VideoId => Task.VideoId;

    /// <summary>The language of texts whose language was not detected. <c>und</c>, the standard's code for undetermined, where the task
    /// leaves the language open.</summary>
    public string TextLanguage => Task.Language == LanguageOptions.Auto ? "und" : Task.Language;

    public bool Has(string option) => Index.Options.Contains(option);

    /// <summary>Releases the reserved space and the local files.</summary>
    public void Release()
    {
        Space?.Dispose();
        Video?.Dispose();
        Transcript?.Dispose();
    }

    /// <summary>True when speech must be looked for in the sound.</summary>
    public bool NeedsSound => Has(IndexOptions.Conversation) && !Task.ProvidesTranscription;
}
