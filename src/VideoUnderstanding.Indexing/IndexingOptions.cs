using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Indexing;

/// <summary>Settings of task execution. Section <c>VideoUnderstanding:Indexing</c>.</summary>
public sealed class IndexingOptions
{
    public const string Section = "VideoUnderstanding:Indexing";

    /// <summary>Videos indexed concurrently. Each uses about two CPU cores and the memory of a few frames.</summary>
    [Range(1, 64)]
    public int Workers { get; set; } = 2;

    /// <summary>Maximum attempts without a finished stage. An attempt counts from its start, so one that crashes the server counts
    /// too.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Seconds before the second attempt; doubled for each further one.</summary>
    [Range(0, 3600)]
    public double RetryDelaySeconds { get; set; } = 20;

    /// <summary>Seconds between two checks of the database session that holds a task's lease, 0.1 to 60.</summary>
    [Range(0.1, 60)]
    public double LeaseCheckSeconds { get; set; } = 5;

    /// <summary>Seconds without such a check after which PostgreSQL ends the session and another process may take over, 1 to 3600; three
    /// times <see cref="LeaseCheckSeconds"/> if that is more. Matters for frozen processes and lost machines only: a killed process loses
    /// its session at once.</summary>
    [Range(1, 3600)]
    public double LeaseTimeoutSeconds { get; set; } = 60;

    /// <summary>Seconds between two searches for due tasks that no worker has taken, 1 to 60. One also runs at every start.</summary>
    [Range(1, 60)]
    public int SweepSeconds { get; set; } = 30;

    /// <summary>Seconds that a running stage may continue after a stop request, 0 to 86400. No further stage starts. Then the stage is
    /// cancelled, and the next attempt repeats it. A service manager must wait 30 seconds longer before it kills the process.</summary>
    [Range(0, 86400)]
    public int DrainSeconds { get; set; } = 5;

    /// <summary>Minutes without any progress after which an attempt is cancelled and counts as failed, 0.01 to 1440. Reading a large
    /// video for the first time reports no progress, so the limit must exceed the time that this takes.</summary>
    [Range(0.01, 1440)]
    public double StallMinutes { get; set; } = 60;

    /// <summary>True makes the indexed part of a video searchable while the rest is being indexed.</summary>
    public bool SearchWhileIndexing { get; set; } = true;

    /// <summary>Seconds of video per chunk that is committed and becomes searchable, 1 to 300.</summary>
    [Range(1, 300)]
    public double ChunkSeconds { get; set; } = 120;

    /// <summary>True stores the analysed pictures of each video, about 20 kB each, so that <c>vu models switch</c> does not decode videos
    /// again.</summary>
    public bool KeepPictures { get; set; }

    /// <summary>Maximum pixels of the longer side of a thumbnail.</summary>
    [Range(16, 4096)]
    public int ThumbnailLongSide { get; set; } = 640;

    public TimeSpan RetryDelay(int attempts) => TimeSpan.FromSeconds(RetryDelaySeconds * Math.Pow(2, Math.Max(0, attempts - 1)));
}
