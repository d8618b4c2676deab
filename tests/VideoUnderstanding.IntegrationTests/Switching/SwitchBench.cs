using System.Diagnostics;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.Indexing.Stages;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.Search;
using VideoUnderstanding.Search.Scoring;
using VideoUnderstanding.TestAssets.Tiny;
using SearchRows = VideoUnderstanding.Data.SearchTables.SearchRows;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>Configuration of a <see cref="SwitchBench"/>.</summary>
/// <param name="Last">An additional final stage.</param>
/// <param name="HasLogos">True if the index has the option logo.</param>
internal sealed record SwitchBenchSetup(IIndexingStage? Last = null, bool HasLogos = false)
{
    /// <summary>Additional settings. The settings of the models are set separately.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();
}

/// <summary>An index with generated videos, its own database and its own data folder, indexed with the tiny models. Vectors of <see
/// cref="TinyModels.WideProfile"/> have another length, so PostgreSQL rejects comparisons with those of the first profile.</summary>
internal sealed class SwitchBench : IAsyncDisposable
{
    private const string Spoken = "1\n00:00:01,000 --> 00:00:03,000\nThe ship leaves at noon.\n";

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-switch-").FullName;
    private readonly TestDatabase _database;

    private readonly SwitchBenchSetup _setup;

    private SwitchBench(TestDatabase database, SwitchBenchSetup setup)
    {
        (_database, _setup) = (database, setup);
        Manifest = TinyModels.WriteTo(_folder);
        Indexing = IndexingBench.Create(database, Settings(TinyModels.Profile), last: setup.Last);
    }

    public string Manifest { get; }

    public IndexingBench Indexing { get; }

    public TestDatabase Rows => _database;

    public VideoIndex Index { get; private set; } = null!;

    public ModelSets Models => Indexing.Services.GetRequiredService<ModelSets>();

    public static async Task<SwitchBench> CreateAsync(DatabaseTemplate template, int videos, SwitchBenchSetup? setup = null)
    {
        var bench = new SwitchBench(await template.CopyAsync(), setup ?? new SwitchBenchSetup());
        await using (var db = bench.Rows.Open())
            Assert.Null(await db.EnsureVectorsAsync(bench.Models, CancellationToken.None));
        bench.Index = await bench.Rows.AddIndexAsync(withLogos: bench._setup.HasLogos);
        await RenderAsync(bench.ClipPath);
        for (var i = 0; i < videos; i++)
            await bench.AddVideoAsync();
        return bench;
    }

    public Dictionary<string, string?> Settings(string profile) => new(_setup.Settings)
    {
        ["VideoUnderstanding:Models:Manifest"] = Manifest,
        ["VideoUnderstanding:Models:Profile"] = profile,
        ["VideoUnderstanding:Models:Device"] = "cpu",
    };

    private string ClipPath => Path.Combine(_folder, "red-then-blue-and-yellow.mp4");

    /// <summary>Indexes a video with red pictures, pictures that are half blue and half yellow, a spoken sentence and a line of screen
    /// text.</summary>
    public async Task<Video> AddVideoAsync()
    {
        var (video, task) = await AddTaskAsync();
        await Indexing.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await Indexing.ReadAsync(task.Id)).State);
        await WriteScreenTextAsync(video);
        return video;
    }

    /// <param name="clip">Path of a clip; null uses the clip of <see cref="AddVideoAsync"/> with its transcript.</param>
    public async Task<(Video Video, IndexingTask Task)> AddTaskAsync(string? clip = null)
    {
        string New() => ObjectIds.New(TimeProvider.System);
        var video = new Video
        {
            Id = New(), AccountId = Index.AccountId, IndexId = Index.Id, Filename = "clip.mp4", CreatedAt = Now, UpdatedAt = Now,
        };
        var task = new IndexingTask
        {
            Id = New(), AccountId = Index.AccountId, IndexId = Index.Id, VideoId = video.Id, Language = "en", Filename = "clip.mp4",
            CreatedAt = Now, UpdatedAt = Now, ProvidesTranscription = clip is null, State = TaskState.Pending,
        };
        await using var db = Rows.Open();
        db.AddRange(video, task);
        await db.SaveChangesAsync();
        var store = Indexing.Services.GetRequiredService<IFileStore>();
        await using (var file = File.OpenRead(clip ?? ClipPath))
            await store.WriteAsync(StoredFiles.VideoKey(video.Id), file, CancellationToken.None);
        if (clip is null)
            await store.WriteAsync(StoredFiles.TranscriptKey(video.Id), new MemoryStream(Encoding.UTF8.GetBytes(Spoken)),
                CancellationToken.None);
        return (video, task);
    }

    /// <summary>Adds a logo that is half blue and half yellow to the gallery of the account. Its vectors are computed when they are
    /// needed.</summary>
    public async Task AddLogoAsync(string name)
    {
        var sides = string.Join(',', ((string[])["blue", "yellow"]).Select(TinyColours.Named)
            .Select((colour, side) => $"drawbox=x={50 * side}:w=50:h=100:t=fill:color=0x{colour.Red:X2}{colour.Green:X2}{colour.Blue:X2}"));
        var picture = await ToolProcess.RunAsync("ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", $"color=s=100x100:d=1,format=rgb24,{sides}", "-frames:v", "1", "-f", "image2pipe", "-c:v",
                "png", "-"], new ToolLimits(), CancellationToken.None);
        await using var db = Rows.Open();
        db.Add(new Logo
        {
            Id = ObjectIds.New(TimeProvider.System), AccountId = Index.AccountId, Name = name, Picture = picture.Bytes,
            MediaType = "image/png", CreatedAt = Now,
        });
        await db.SaveChangesAsync();
    }

    /// <summary>Inserts a line of screen text, because the clip has none.</summary>
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

    /// <param name="profile">The new profile; null switches back to the previous one.</param>
    public Task<bool> SwitchAsync(string? profile, Action<SwitchProgress>? report = null, CancellationToken cancellationToken = default,
        bool speech = false)
        => Indexing.InScopeAsync((ModelSwitch models)
            => models.RunAsync(Index, profile, speech, report ?? (_ => { }), cancellationToken));

    public Task<bool> PruneAsync()
        => Indexing.InScopeAsync((ModelSwitch models) => models.PruneAsync(Index.Id, CancellationToken.None));

    public async Task<SearchTableSet> ReadSetAsync()
    {
        await using var db = Rows.Open();
        return await SearchGenerations.ReadAsync(db, Index.Id, CancellationToken.None);
    }

    /// <summary>Returns option, video and seconds of the clips that searches for a colour, a sentence, a line and a logo find.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(IQueryVectors? vectors = null)
    {
        await using var db = Rows.Open();
        var search = db.Search(vectors: vectors ?? new ModelQueryVectors(Models));
        var found = new List<string>();
        List<(string Text, string Option)> queries =
        [
            ("crimson", IndexOptions.Visual), ("boat departs at midday", IndexOptions.Conversation),
            ("three coins found", IndexOptions.TextInVideo),
        ];
        if (_setup.HasLogos)
            queries.Add(("acme", IndexOptions.Logo));
        foreach (var (text, option) in queries)
        {
            var clips = await search.FindAsync(
                new SearchQuery(Index.Id, new TextQuery(text, [option]), Threshold: MatchLevel.Low), CancellationToken.None);
            found.AddRange(clips.Select(clip => $"{option} {clip.VideoId} {clip.Start:0} {clip.End:0}"));
        }
        return [.. found.Order(StringComparer.Ordinal)];
    }

    /// <summary>Returns the vector length and the number of the frames of a generation.</summary>
    public async Task<(int Length, int Rows)> FramesOfAsync(int generation)
    {
        var table = generation == 0 ? "frame_vectors" : $"index_{Index.Id}.frame_vectors_{generation}";
        await using var db = Rows.Open();
        var sql = $"SELECT vector_dims(embedding) AS \"Value\" FROM {table} WHERE index_id = {{0}}";
        var lengths = await db.Database.SqlQueryRaw<int>(sql, Index.Id).ToListAsync();
        return (lengths.Distinct().SingleOrDefault(), lengths.Count);
    }

    /// <summary>Returns the transaction that wrote each video of a generation.</summary>
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
        string[] arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", Colour("red"), "-f", "lavfi", "-i", Colour("blue"), "-f", "lavfi",
            "-i", Colour("yellow"), "-filter_complex", "[2]crop=w=320[right];[1][right]overlay=x=320[halves];[0][halves]concat=n=2",
            "-c:v", "mpeg4", "-q:v", "3", path];
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
