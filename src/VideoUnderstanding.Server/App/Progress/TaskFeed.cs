using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Server.Api.Tasks;

namespace VideoUnderstanding.Server.App.Progress;

/// <summary>Reads the tasks of the indexes that browsers watch, and sends them to the streams of the browsers: one query each second for
/// all streams of this server, and none without streams.</summary>
public sealed partial class TaskFeed(
    IServiceScopeFactory scopes, IOptions<AppOptions> options, IOptions<JsonOptions> json, TimeProvider clock, ILogger<TaskFeed> logger)
    : BackgroundService
{
    /// <summary>Maximum tasks of one index in an event; unfinished ones first, then the newest failed ones.</summary>
    private const int MaxTasks = 400;

    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<TaskStream, bool> _streams = new();
    private readonly SemaphoreSlim _opened = new(0);
    private readonly Lock _opening = new();

    /// <summary>Opens a stream of an index. The caller must have checked that the user may see it.</summary>
    /// <returns>Null if the user or the server has the maximum number of streams.</returns>
    internal TaskStream? Open(string userId, string indexId)
    {
        var stream = new TaskStream(userId, indexId);
        lock (_opening)
        {
            if (_streams.Count >= options.Value.Streams
                || _streams.Keys.Count(other => other.UserId == userId) >= options.Value.StreamsPerUser)
                return null;
            _streams[stream] = true;
        }
        _opened.Release();
        return stream;
    }

    internal void Close(TaskStream stream)
    {
        _streams.TryRemove(stream, out _);
        stream.End();
    }

    /// <summary>Ends all streams of a user on this server. Other browsers of the user open them again.</summary>
    internal void EndOf(string userId)
    {
        foreach (var stream in _streams.Keys.Where(stream => stream.UserId == userId))
            Close(stream);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            if (_streams.IsEmpty)
                continue;
            try
            {
                await SendAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The browsers then poll, and show the error of their own requests.
                LogFailed(logger, failure);
                foreach (var stream in _streams.Keys)
                    Close(stream);
            }
        }
    }

    public override void Dispose()
    {
        _opened.Dispose();
        base.Dispose();
    }

    /// <summary>Waits for a new stream; while there are streams, at most <see cref="Pause"/>.</summary>
    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var pause = new CancellationTokenSource(_streams.IsEmpty ? Timeout.InfiniteTimeSpan : Pause, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, stoppingToken);
        try
        {
            await _opened.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            // The pause is over.
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        var streams = _streams.Keys.ToLookup(stream => stream.IndexId);
        string[] ids = [.. streams.Select(index => index.Key)];
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
        var tasks = await db.Indexes.AsNoTracking().Where(index => ids.Contains(index.Id))
            .SelectMany(index => db.Tasks.Where(task => task.IndexId == index.Id && task.State != TaskState.Ready)
                .OrderBy(task => task.State == TaskState.Failed).ThenByDescending(task => task.CreatedAt).Take(MaxTasks))
            .ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var found = tasks.ToLookup(task => task.IndexId);
        foreach (var index in streams)
        {
            var response = new TaskEventDto([.. found[index.Key].Select(task => TaskResponse.From(task, hls: null, now))]);
            var text = JsonSerializer.Serialize(response, json.Value.SerializerOptions);
            foreach (var stream in index)
                stream.Send(text);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The tasks could not be read for the web app, so its streams are ended")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}

/// <summary>The unfinished and failed tasks of an index.</summary>
public sealed record TaskEventDto(IReadOnlyList<TaskResponse> Tasks);
