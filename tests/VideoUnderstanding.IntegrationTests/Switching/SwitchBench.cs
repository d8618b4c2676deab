using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.TestAssets.Tiny;
using SearchRows = VideoUnderstanding.Data.SearchTables.SearchRows;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>An index with real videos on a database and a data folder of its own, indexed with the tiny models. Vectors of
/// <see cref="TinyModels.WideProfile"/> have other lengths, so that PostgreSQL refuses to compare them with those of the first
/// profile.</summary>
internal sealed class SwitchBench : IAsyncDisposable
{
    private const string Spoken = "1\n00:00:01,000 --> 00:00:03,000\nThe ship leaves at noon.\n";

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-switch-").FullName;
    private readonly TestDatabase _database;

    private SwitchBench(TestDatabase database, IIndexingStage? last)
    {
        _database = database;
        Manifest = TinyModels.WriteTo(_folder);
        Indexing = IndexingBench.Create(database, Settings(TinyModels.Profile), last: last);
    }

    public string Manifest { get; }

    public IndexingBench Indexing { get; }

    public TestDatabase Rows => _database;

    public VideoIndex Index { get; private set; } = null!;

    public ModelSets Models => Indexing.Services.GetRequiredService<ModelSets>();

    public static async Task<SwitchBench> CreateAsync(DatabaseTemplate template, int videos, IIndexingStage? last = null)
    {
        var bench = new SwitchBench(await template.CopyAsync(), last);
        await using (var db = bench.Rows.Open())
            Assert.Null(await db.EnsureVectorsAsync(bench.Models, CancellationToken.None));
        bench.Index = await bench.Rows.AddIndexAsync();
        await RenderAsync(bench.ClipPath);
        for (var i = 0; i < videos; i++)
            await bench.AddVideoAsync();
        return bench;
    }

    public Dictionary<string, string?> Settings(string profile) => new()
    {
        ["VideoUnderstanding:Models:Manifest"] = Manifest,
        ["VideoUnderstanding:Models:Profile"] = profile,
        ["VideoUnderstanding:Models:Device"] = "cpu",
    };

    private string ClipPath => Path.Combine(_folder, "red-then-blue.mp4");

    /// <summary>Indexes a video: red and blue pictures, a spoken sentence, and a line on screen.</summary>
    public async Task<Video> AddVideoAsync()
    {
        var (video, task) = await AddTaskAsync();
        await Indexing.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await Indexing.ReadAsync(task.Id)).State);
        await WriteScreenTextAsync(video);
        return video;
    }

    public async Task<(Video Video, IndexingTask Task)> AddTaskAsync()
    {
        string New() => ObjectIds.New(TimeProvider.System);
        var video = new Video
        {
            Id = New(), AccountId = Index.AccountId, IndexId = Index.Id, Filename = "clip.mp4", CreatedAt = Now, UpdatedAt = Now,
        };
        var task = new IndexingTask
        {
            Id = New(), AccountId = Index.AccountId, IndexId = Index.Id, VideoId = video.Id, Language = "en", Filename = "clip.mp4",
            CreatedAt = Now, UpdatedAt = Now, ProvidesTranscription = true, State = TaskState.Pending,
        };
        await using var db = Rows.Open();
        db.AddRange(video, task);
        await db.SaveChangesAsync();
        File.Copy(ClipPath, Indexing.Files.VideoPath(video.Id));
        await File.WriteAllTextAsync(Indexing.Files.TranscriptPath(video.Id), Spoken);
        return (video, task);
    }

    /// <summary>The clip shows no letters, so the line comes from here.</summary>
    private async Task WriteScreenTextAsync(Video video)
    {
        await using var db = Rows.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var models = Models.Of((await SearchTableStore.ReadAsync(db, Index.Id, CancellationToken.None)).Profile).Models;
        var vector = (await models.Text.EmbedPassagesAsync(["three coins found"], CancellationToken.None))[0];
        await SearchRows.ReplaceSegmentsAsync(db, VideoRange.All(Index.Id, video.Id), TextSource.Screen,
            [
                new TextSegment
                {
                    IndexId = Index.Id, VideoId = video.Id, Source = TextSource.Screen, Number = 0, Start = 4, End = 5,
                    Text = "three coins found", Language = "en", Embedding = ColourVectors.Half(vector),
                },
            ], CancellationToken.None);
        await transaction.CommitAsync();
    }

    public Task<bool> SwitchAsync(string profile, Action<SwitchProgress>? report = null, CancellationToken cancellationToken = default)
        => Indexing.InScopeAsync((ModelSwitch models) => models.RunAsync(Index, profile, report ?? (_ => { }), cancellationToken));

    public Task<bool> PruneAsync()
        => Indexing.InScopeAsync((ModelSwitch models) => models.PruneAsync(Index.Id, CancellationToken.None));

    public async Task<SearchTableSet> ReadSetAsync()
    {
        await using var db = Rows.Open();
        return await SearchGenerations.ReadAsync(db, Index.Id, CancellationToken.None);
    }

    /// <summary>What searches for a colour, a sentence and a line find: the option, the video, and its seconds.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IQueryVectors? vectors = null)
    {
        await using var db = Rows.Open();
        var search = db.Search(vectors: vectors ?? new ModelQueryVectors(Models));
        var found = new List<string>();
        foreach (var (text, option) in new[]
        {
            ("crimson", IndexOptions.Visual), ("boat departs at midday", IndexOptions.Conversation),
            ("three coins found", IndexOptions.TextInVideo),
        })
        {
            var clips = await search.FindAsync(
                new SearchQuery(Index.Id, new TextQuery(text, [option]), Threshold: MatchLevel.Low), CancellationToken.None);
            found.AddRange(clips.Select(clip => $"{option} {clip.VideoId} {clip.Start:0} {clip.End:0}"));
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Length of the frames' vectors of a generation, and their number.</summary>
    public async Task<(int Length, int Rows)> FramesOfAsync(int generation)
    {
        var table = generation == 0 ? "frame_vectors" : $"index_{Index.Id}.frame_vectors_{generation}";
        await using var db = Rows.Open();
        var sql = $"SELECT vector_dims(embedding) AS \"Value\" FROM {table} WHERE index_id = {{0}}";
        var lengths = await db.Database.SqlQueryRaw<int>(sql, Index.Id).ToListAsync();
        return (lengths.Distinct().SingleOrDefault(), lengths.Count);
    }

    /// <summary>The transaction that wrote each video of a generation.</summary>
    public async Task<IReadOnlyDictionary<string, string>> WritersOfAsync(int generation)
    {
        await using var db = Rows.Open();
        var rows = await db.Database.SqlQuery<string>(
            $"SELECT video_id || ' ' || xmin::text AS \"Value\" FROM generation_videos WHERE generation = {generation}").ToListAsync();
        return rows.ToDictionary(row => row.Split(' ')[0], row => row.Split(' ')[1]);
    }

    private static async Task RenderAsync(string path)
    {
        static string Colour(string name)
        {
            var colour = TinyColours.Named(name);
            return $"color=c=0x{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}:s=640x360:r=10:d=3";
        }
        string[] arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", Colour("red"), "-f", "lavfi", "-i", Colour("blue"),
            "-filter_complex", "[0][1]concat=n=2", "-c:v", "mpeg4", "-q:v", "3", path];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments))!;
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await Indexing.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
