using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing;

/// <summary>How tasks are worked through. Section <c>VideoUnderstanding:Indexing</c>.</summary>
public sealed class IndexingOptions
{
    public const string Section = "VideoUnderstanding:Indexing";

    /// <summary>Videos indexed at the same time. Each holds a few pictures in memory and keeps about two cores busy.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>Tries without a finished stage after which a task has failed. A try counts when it begins, so one that kills the server
    /// counts too.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Seconds before the second try; doubled before each further one.</summary>
    [Range(0, 3600)]
    public double RetryDelaySeconds { get; set; } = 20;

    /// <summary>Seconds between two looks at whether the task is still held by this server, 0.1 to 60.</summary>
    [Range(0.1, 60)]
    public double LeaseCheckSeconds { get; set; } = 5;

    /// <summary>Seconds between two looks for tasks that nobody works on although they are not over, 1 to 60. Such a look also follows
    /// every start.</summary>
    [Range(1, 60)]
    public int SweepSeconds { get; set; } = 30;

    /// <summary>Seconds that a running stage may go on after the server was asked to stop, 0 to 86400. No further stage begins. Then the
    /// stage is cancelled, and the next attempt repeats it. A service manager must wait 30 seconds longer before it kills.</summary>
    [Range(0, 86400)]
    public int DrainSeconds { get; set; } = 5;

    /// <summary>Whether searches find moments of a video while the rest of it is still being indexed.</summary>
    public bool SearchWhileIndexing { get; set; } = true;

    /// <summary>Seconds of video after which the moments so far become searchable, 1 to 300.</summary>
    [Range(1, 300)]
    public double ChunkSeconds { get; set; } = 120;

    /// <summary>Pixels of the longer side of the thumbnail, at most.</summary>
    [Range(16, 4096)]
    public int ThumbnailLongSide { get; set; } = 640;

    public TimeSpan RetryDelay(int attempts) => TimeSpan.FromSeconds(RetryDelaySeconds * Math.Pow(2, Math.Max(0, attempts - 1)));
}
