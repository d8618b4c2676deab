using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Media;
using VideoUnderstanding.Operations.Evaluation.Sets;

namespace VideoUnderstanding.Operations.Evaluation;

/// <summary>The videos of a set in one index of a separate account, indexed by the real pipeline.</summary>
/// <param name="set">Only the options of its queries are indexed.</param>
/// <param name="keep">Creates the index in the default account, so that it can be used afterwards.</param>
internal sealed class EvaluationIndex(IServiceProvider services, EvaluationSet set, bool keep)
{
    private string _accountId = ObjectIds.New(TimeProvider.System);
    private readonly Dictionary<string, string> _videos = [];
    private readonly List<LeftOut> _leftOut = [];

    public string Id { get; } = ObjectIds.New(TimeProvider.System);

    /// <summary>Names of the indexed videos by identifier.</summary>
    public IReadOnlyDictionary<string, string> Files => _videos;

    public IReadOnlyList<LeftOut> LeftOut => _leftOut;

    /// <summary>Indexes all videos of the set. Limits of uploads (size, length, sound) do not apply, because a set may have short and
    /// silent clips. Videos without pictures and failed ones are left out and reported.</summary>
    /// <param name="onVideo">Called after each video.</param>
    public async Task FillAsync(Action<string> onVideo, CancellationToken cancellationToken)
    {
        await AddIndexAsync(cancellationToken);
        var workers = new ParallelOptions
        {
            MaxDegreeOfParallelism = services.GetRequiredService<IOptions<IndexingOptions>>().Value.Workers,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(set.Videos, workers, async (video, token) =>
        {
            var (videoId, reason) = await AddAsync(video, token);
            lock (_videos)
            {
                if (reason is null)
                    _videos[videoId] = video.File;
                else
                    _leftOut.Add(new LeftOut(video.File, reason));
                onVideo(reason is null ? video.File : $"{video.File} is left out: {reason}");
            }
        });
        _leftOut.Sort((one, other) => string.CompareOrdinal(one.File, other.File));
    }

    /// <summary>Removes account, index, videos and files. Do not call it for a kept index.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<Removals>().RemoveIndexAsync(Id, cancellationToken);
        await Db(scope).Accounts.Where(account => account.Id == _accountId).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task AddIndexAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var scope = services.CreateAsyncScope();
        var db = Db(scope);
        if (keep)
            _accountId = (await DefaultAccount.EnsureAsync(db, TimeProvider.System, cancellationToken)).Id;
        else
            db.Add(new Account { Id = _accountId, Name = $"evaluation {_accountId}", CreatedAt = now });
        db.Add(new VideoIndex
        {
            Id = Id, AccountId = _accountId, Name = $"evaluation {Id}", EngineId = "marengo2", Options = [.. set.ApiOptions],
            Addons = [], CreatedAt = now, UpdatedAt = now,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <returns>The identifier, and the reason if the video was not indexed.</returns>
    private async Task<(string VideoId, string? Reason)> AddAsync(EvaluationVideo known, CancellationToken cancellationToken)
    {
        if (await UnreadableAsync(known.Path, cancellationToken) is { } reason)
            return ("", reason);
        await using var scope = services.CreateAsyncScope();
        var db = Db(scope);
        var task = await AddRowsAsync(db, known, cancellationToken);
        await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunAsync(task.Id, cancellationToken);
        var ended = await db.Tasks.AsNoTracking().SingleAsync(row => row.Id == task.Id, cancellationToken);
        return (task.VideoId, ended.State == TaskState.Ready ? null : ended.ErrorReason ?? $"its task ended as {ended.State}");
    }

    private async Task<string?> UnreadableAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await services.GetRequiredService<MediaProbe>().ReadAsync(path, cancellationToken)).Video is null
                ? "it has no pictures."
                : null;
        }
        catch (MediaException broken)
        {
            return broken.Message;
        }
    }

    private async Task<IndexingTask> AddRowsAsync(VideoDbContext db, EvaluationVideo known, CancellationToken cancellationToken)
    {
        var (now, name) = (TimeProvider.System.GetUtcNow(), Path.GetFileName(known.File));
        await using var content = File.OpenRead(known.Path);
        var video = new Video
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = _accountId, IndexId = Id, Filename = name, CreatedAt = now,
            UpdatedAt = now,
            Sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken)),
        };
        var task = new IndexingTask
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = _accountId, IndexId = Id, VideoId = video.Id, State = TaskState.Pending,
            Language = known.Spoken.Select(phrase => phrase.Language).OfType<string>().FirstOrDefault() ?? "en", Filename = name,
            CreatedAt = now, UpdatedAt = now, ProvidesTranscription = set.GivenTranscripts,
        };
        // The file first, because a server on the same database may pick up the task.
        var store = services.GetRequiredService<IFileStore>();
        content.Position = 0;
        await store.WriteAsync(StoredFiles.VideoKey(video.Id), content, cancellationToken);
        if (set.GivenTranscripts)
            await store.WriteAsync(StoredFiles.TranscriptKey(video.Id), new MemoryStream(Encoding.UTF8.GetBytes(TranscriptOf(known))),
                cancellationToken);
        db.AddRange(video, task);
        await db.SaveChangesAsync(cancellationToken);
        return task;
    }

    /// <summary>The phrases of the truth file as a WebVTT file.</summary>
    internal static string TranscriptOf(EvaluationVideo known) => "WEBVTT\n\n" + string.Concat(known.Spoken.Select(phrase
        => string.Create(CultureInfo.InvariantCulture,
            $"{Time(phrase.Start)} --> {Time(phrase.End)}\n{phrase.Text.ReplaceLineEndings(" ")}\n\n")));

    private static string Time(double seconds) => TimeSpan.FromSeconds(seconds).ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture);

    private static VideoDbContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<VideoDbContext>();
}

/// <summary>A video of the set that could not be indexed.</summary>
public sealed record LeftOut(string File, string Reason);
