using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Quotas;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Indexing;

/// <summary>One attempt at one task: the data that its stages share.</summary>
/// <param name="Task">The task at the start of the attempt; not tracked.</param>
/// <param name="Index">Index of the video.</param>
/// <param name="Token">Fencing token of the attempt; each of its database updates checks that the row has it.</param>
public sealed record IndexingRun(IndexingTask Task, VideoIndex Index, long Token)
{
    /// <summary>Names of finished stages, of this attempt and earlier ones.</summary>
    public HashSet<string> FinishedStages { get; } = [.. Task.FinishedStages];

    /// <summary>Profile of the index at the start of the attempt, whose models the stages use; null: the profile of the
    /// installation.</summary>
    public string? Profile => Task.Profile;

    /// <summary>Storage reservation of a fetched video, held until the attempt ends and the row has its size. Set by
    /// FetchSources.</summary>
    public SpaceReservation? Space { get; set; }

    /// <summary>Local copy of the video. Set by ProbeMedia.</summary>
    public LocalCopy? Video { get; set; }

    /// <summary>Local copy of the user's transcript; null without one. Set by ProbeMedia.</summary>
    public LocalCopy? Transcript { get; set; }

    public string VideoPath => Video?.Path ?? throw new InvalidOperationException("The video is opened by ProbeMedia.");

    /// <summary>Media information. Set by ProbeMedia, which runs in every attempt.</summary>
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

    /// <summary>Number of this attempt since the last finished stage, from 1. Updated by <see cref="Journal.TaskJournal"/>.</summary>
    public int AttemptNow { get; set; } = Task.Attempts;

    public string VideoId => Task.VideoId;

    /// <summary>Language of texts without a detected language; <c>und</c> (ISO 639-2: undetermined) if the task's language is
    /// <c>auto</c>.</summary>
    public string TextLanguage => TextLanguageOf(Task.Language);

    /// <inheritdoc cref="TextLanguage"/>
    internal static string TextLanguageOf(string language) => language == LanguageOptions.Auto ? "und" : language;

    public bool Has(string option) => Index.Options.Contains(option);

    /// <summary>Releases the reserved space and the local files.</summary>
    public void Release()
    {
        Space?.Dispose();
        Video?.Dispose();
        Transcript?.Dispose();
    }

    /// <summary>True if speech recognition is required.</summary>
    public bool NeedsSound => Has(IndexOptions.Conversation) && !Task.ProvidesTranscription;
}
