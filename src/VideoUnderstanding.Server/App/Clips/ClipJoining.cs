using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Media;
using VideoUnderstanding.Media.Joining;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.App.Clips;

/// <summary>Limits of joined clips. Section <c>VideoUnderstanding:JoinedClips</c>. docs/web-app.md.</summary>
public sealed class JoinedClipOptions
{
    public const string Section = "VideoUnderstanding:JoinedClips";

    /// <summary>Maximum parts of a clip.</summary>
    [Range(1, 1000)]
    public int MaxParts { get; set; } = 100;

    /// <summary>Maximum length of a clip, in seconds.</summary>
    [Range(1, 7200)]
    public int MaxSeconds { get; set; } = 600;

    /// <summary>Maximum length of the longer side of the pictures, in pixels.</summary>
    [Range(160, 1280)]
    public int MaxLongSide { get; set; } = 1280;

    /// <summary>Maximum clips that this server encodes concurrently; of one user at most one. Further requests get 429.</summary>
    [Range(1, 1000)]
    public int Workers { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Time limit of a clip from its first part to its last byte, in minutes. It includes waiting for a slow client.</summary>
    [Range(1, 1440)]
    public int TimeoutMinutes { get; set; } = 30;
}

/// <summary>Encodes joined clips for a limited number of users at a time. Nothing is stored: the parts go to the client while they are
/// encoded.</summary>
internal sealed partial class ClipJoining(
    IFileStore store, JoinedClipWriter writer, IOptions<JoinedClipOptions> options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<ClipJoining> logger)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly HashSet<string> _users = [];

    /// <param name="output">Receives the file. Cancelled requests stop the encoder.</param>
    /// <exception cref="ApiException">A part cannot be read, a limit of time or of concurrent clips is reached, or the server
    /// stops.</exception>
    public async Task WriteAsync(string userId, IReadOnlyList<VideoPart> parts, Stream output, CancellationToken cancellationToken)
    {
        Enter(userId);
        try
        {
            using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(options.Value.TimeoutMinutes), clock);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(
                cancellationToken, timeout.Token, lifetime.ApplicationStopping);
            try
            {
                await WriteAsync(parts, output, end.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new ApiException(timeout.IsCancellationRequested
                    ? ApiError.UsageLimit($"The clip was not complete after {options.Value.TimeoutMinutes} minutes.")
                    : ApiError.Unexpected());
            }
        }
        finally
        {
            lock (_lock)
                _users.Remove(userId);
        }
    }

    private async Task WriteAsync(IReadOnlyList<VideoPart> parts, Stream output, CancellationToken cancellationToken)
    {
        var format = JoinedFormat.For([.. parts.Select(part => new JoinedSource(part.Width, part.Height, part.FramesPerSecond,
            part.Seconds))], options.Value.MaxLongSide);
        var clip = new JoinedClip(format, parts.Select(part => part.Seconds), output);
        foreach (var part in parts)
        {
            using var video = await store.OpenLocalAsync(StoredFiles.VideoKey(part.VideoId), cancellationToken)
                ?? throw new ApiException(ApiError.NotFound("videos", part.VideoId));
            try
            {
                await writer.AppendAsync(clip, video.Path, part.Start, part.Seconds, cancellationToken);
            }
            catch (Exception full) when (DiskSpace.IsDiskFull(full))
            {
                throw new ApiException(ApiError.UsageLimit("The server has not enough free disk space to read a video of the clip."));
            }
            catch (MediaException unreadable)
            {
                LogUnreadable(logger, unreadable, part.VideoId, part.Start);
                throw new ApiException(ApiError.FromViolation(MediaRules.Broken(unreadable.Message)));
            }
        }
    }

    /// <exception cref="ApiException">The user or the server has the maximum number of clips.</exception>
    private void Enter(string userId)
    {
        lock (_lock)
        {
            if (_users.Contains(userId))
                throw new ApiException(ApiError.ClipLimit("You have another clip that is being made.", RetryAfter));
            if (_users.Count >= options.Value.Workers)
                throw new ApiException(ApiError.ClipLimit("The server is making as many clips as it may.", RetryAfter));
            _users.Add(userId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The part of video {VideoId} at {Start} s could not be added to a clip")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string videoId, double start);
}
