using System.Text.Json;
using Pgvector;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Inserts rows directly into the database, for tests that need indexed videos.</summary>
public static class TestRows
{
    public static async Task<VideoIndex> AddIndexAsync(
        this TestServer server, string? name = null, string[]? options = null, string[]? addons = null, string? accountId = null)
    {
        var now = server.Clock.GetUtcNow();
        var index = new VideoIndex
        {
            Id = ObjectIds.New(server.Clock),
            AccountId = accountId ?? server.AccountId,
            Name = name ?? $"index {Guid.NewGuid():N}",
            EngineId = "marengo2",
            Options = options ?? [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo],
            Addons = addons ?? [],
            CreatedAt = now,
            UpdatedAt = now,
        };
        await server.SaveAsync(index);
        return index;
    }

    /// <summary>Adds a video and its task, which is ready by default.</summary>
    public static async Task<(Video Video, IndexingTask Task)> AddVideoAsync(
        this TestServer server, VideoIndex index, TaskState state = TaskState.Ready, double? duration = 60.5, string filename = "clip.mp4",
        string? custom = null)
    {
        var now = server.Clock.GetUtcNow();
        var video = new Video
        {
            Id = ObjectIds.New(server.Clock),
            AccountId = index.AccountId,
            IndexId = index.Id,
            Filename = filename,
            Duration = duration,
            FramesPerSecond = 25,
            Width = 640,
            Height = 360,
            Size = 1000,
            CustomMetadata = custom is null ? null : JsonDocument.Parse(custom),
            CreatedAt = now,
            UpdatedAt = now,
            IndexedAt = state == TaskState.Ready ? now : null,
        };
        var task = new IndexingTask
        {
            Id = ObjectIds.New(server.Clock),
            AccountId = index.AccountId,
            IndexId = index.Id,
            VideoId = video.Id,
            State = state,
            Language = "en",
            Filename = filename,
            Duration = duration,
            Width = 640,
            Height = 360,
            CreatedAt = now,
            UpdatedAt = now,
        };
        await server.SaveAsync(video, task);
        return (video, task);
    }

    public static Task AddTextAsync(
        this TestServer server, Video video, TextSource source, params (double Start, double End, string Text)[] segments)
        => server.SaveAsync([.. segments.Select((segment, number) => (object)new TextSegment
        {
            IndexId = video.IndexId,
            VideoId = video.Id,
            Source = source,
            Number = number,
            Start = segment.Start,
            End = segment.End,
            Text = segment.Text,
            Language = "en",
            Embedding = new HalfVector(new Half[] { (Half)1, (Half)0, (Half)0, (Half)0 }),
        })]);

    /// <summary>Adds another account, for tests of access restrictions.</summary>
    public static async Task<string> AddAccountAsync(this TestServer server)
    {
        var account = new Account
        {
            Id = ObjectIds.New(server.Clock), Name = $"other {Guid.NewGuid():N}", CreatedAt = server.Clock.GetUtcNow(),
        };
        await server.SaveAsync(account);
        return account.Id;
    }

    public static async Task SaveAsync(this TestServer server, params object[] rows)
    {
        await using var db = server.Database.Open();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }
}
