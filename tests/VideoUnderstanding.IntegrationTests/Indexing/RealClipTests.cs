using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Inference;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Runs all stages on real clips with small models and checks the stored rows. The quality of the models is not tested
/// here.</summary>
[Trait("Needs", "Assets")]
public sealed class RealClipTests(DatabaseTemplate template, StarterModels models)
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["VideoUnderstanding:Models:Profile"] = "starter",
        ["VideoUnderstanding:Limits:MinShortSide"] = "240",
    };

    [Fact]
    public async Task A_clip_with_speech_and_text_is_indexed_by_all_options()
    {
        await using var at = await StartAsync();
        var task = await at.Bench.AddTaskAsync(AssetsFolder.File("media/jfk-inaugural.mp4"),
            options: [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo], addons: ["thumbnail"]);

        await at.Bench.RunAsync(task.Id, TestContext.Current.CancellationToken);

        var ready = await at.Bench.ReadAsync(task.Id);
        Assert.True(ready.State == TaskState.Ready, ready.ErrorReason);
        var texts = await at.Bench.QueryAsync(db => db.TextSegments.Where(row => row.VideoId == task.VideoId).OrderBy(row => row.Number)
            .ToListAsync());
        var spoken = texts.Where(row => row.Source == TextSource.Speech).ToList();
        Assert.Contains(spoken,
            row => row.Text.Contains("what your country can do for you", StringComparison.OrdinalIgnoreCase)
                && Math.Abs(row.Start - 5.3) < 1);
        var shown = texts.Single(row => row.Source == TextSource.Screen
            && row.Text.Contains("Inaugural Address", StringComparison.Ordinal));
        Assert.True(shown is { Start: < 1, End: > 10 }, $"{shown.Start} to {shown.End}");
        // The clip is a still picture, so one frame covers all of it.
        var frame = Assert.Single(await at.Bench.QueryAsync(db => db.Frames.Where(row => row.VideoId == task.VideoId).ToListAsync()));
        Assert.Equal(0, frame.Start);
        Assert.InRange(frame.End, 10.5, 11.5);
        Assert.Equal(1, Norm(frame.Embedding.ToArray()), 2);
    }

    [Fact]
    public async Task A_long_cue_is_split_into_short_texts_and_dropped_lines_are_a_warning()
    {
        await using var at = await StartAsync();
        var words = string.Join(' ', Enumerable.Range(0, 3_000).Select(number => $"word{number}"));
        var task = await at.Bench.AddTaskAsync(AssetsFolder.File("media/jfk-inaugural.mp4"), options: [IndexOptions.Conversation],
            transcript: $"1\n00:00:00,000 --> 00:00:10,000\n{words}\n\n2\n00:00:05,000 --> 00:00:04,000\nbackwards\n");

        await at.Bench.RunAsync(task.Id, TestContext.Current.CancellationToken);

        var ready = await at.Bench.ReadAsync(task.Id);
        Assert.True(ready.State == TaskState.Ready, ready.ErrorReason);
        Assert.StartsWith("The transcript was read without the lines 6-7.", ready.Warning);
        var rows = await at.Bench.QueryAsync(db => db.TextSegments.Where(row => row.VideoId == task.VideoId).OrderBy(row => row.Number)
            .ToListAsync());
        Assert.Equal(words, string.Join(' ', rows.Select(row => row.Text)));
        Assert.All(rows, row => Assert.InRange(row.Text.Length, 1, 400));
        Assert.Equal((0, 10), (rows[0].Start, rows[^1].End));
        Assert.InRange(rows[rows.Count / 2].Start, 4, 6);
    }

    [Fact]
    public async Task The_transcript_of_the_user_replaces_recognition_and_keeps_its_times()
    {
        await using var at = await StartAsync();
        var task = await at.Bench.AddTaskAsync(AssetsFolder.File("media/jfk-inaugural.mp4"), options: [IndexOptions.Conversation],
            transcript: "1\n00:00:01,500 --> 00:00:03,000\nMy own words\n\n2\n00:00:10,000 --> 00:00:30,000\nup to the "
                + "end\n\n3\n00:01:00,000 --> 00:01:02,000\nafter it\n");

        await at.Bench.RunAsync(task.Id, TestContext.Current.CancellationToken);

        var rows = await at.Bench.QueryAsync(db => db.TextSegments.Where(row => row.VideoId == task.VideoId).OrderBy(row => row.Number)
            .ToListAsync());
        Assert.Equal(["My own words", "up to the end"], rows.Select(row => row.Text));
        Assert.Equal((1.5, 3.0, 10.0), (rows[0].Start, rows[0].End, rows[1].Start));
        Assert.InRange(rows[1].End, 10.9, 11.2);
    }

    [Fact]
    public async Task Shots_of_a_clip_have_no_gaps_and_indexing_twice_adds_no_rows()
    {
        await using var at = await StartAsync();
        var task = await at.Bench.AddTaskAsync(AssetsFolder.File("media/big-buck-bunny.mp4"), options: [IndexOptions.Visual]);
        await at.Bench.RunAsync(task.Id, TestContext.Current.CancellationToken);
        var frames = await FramesAsync(at.Bench, task);
        await at.Bench.QueryAsync(db => db.Tasks.Where(row => row.Id == task.Id).ExecuteUpdateAsync(row => row
            .SetProperty(column => column.State, TaskState.Pending)
            .SetProperty(column => column.FinishedStages, new List<string>())));
        await at.Bench.RunAsync(task.Id, TestContext.Current.CancellationToken);

        Assert.True(frames.Count > 20, $"{frames.Count} frames");
        Assert.Equal((0.0, 0), (frames[0].Start, frames[0].Shot));
        Assert.All(frames.Zip(frames.Skip(1)),
            pair => Assert.Equal((pair.First.End, true), (pair.Second.Start, pair.Second.Shot - pair.First.Shot is 0 or 1)));
        Assert.InRange(frames[^1].End, 29.5, 31);
        Assert.Equal(frames.Count, (await FramesAsync(at.Bench, task)).Count);
    }

    [Fact]
    public async Task Indexing_in_chunks_stores_the_same_rows_as_indexing_at_once()
    {
        await using var at = await StartAsync(("ChunkSeconds", "4"));
        await using var beside = IndexingBench.Create(at.Database, Named(("SearchWhileIndexing", "false")), models: models.Set);
        async Task<IndexingTask> IndexAsync(IndexingBench bench)
        {
            var task = await bench.AddTaskAsync(AssetsFolder.File("media/jfk-inaugural.mp4"),
                options: [IndexOptions.Visual, IndexOptions.Conversation, IndexOptions.TextInVideo, IndexOptions.Logo]);
            await bench.RunAsync(task.Id, TestContext.Current.CancellationToken);
            var ready = await bench.ReadAsync(task.Id);
            Assert.True(ready.State == TaskState.Ready, ready.ErrorReason);
            return task;
        }

        var (chunked, whole) = (await IndexAsync(at.Bench), await IndexAsync(beside));

        Assert.NotEmpty(await TextsAsync(at.Bench, whole));
        Assert.Equal(await TextsAsync(at.Bench, whole), await TextsAsync(at.Bench, chunked));
        Assert.Equal(await SoundsAsync(at.Bench, whole), await SoundsAsync(at.Bench, chunked));
        // The clip is a still picture, so each chunk has one frame.
        var frames = await FramesAsync(at.Bench, chunked);
        Assert.Equal([0, 4, 8], frames.Select(frame => frame.Start));
        Assert.Equal(frames.Skip(1).Select(frame => frame.Start), frames.SkipLast(1).Select(frame => frame.End));
        Assert.Equal((await FramesAsync(at.Bench, whole)).Single().End, frames[^1].End);
        var regions = await at.Bench.QueryAsync(db => db.LogoRegions.Where(row => row.VideoId == chunked.VideoId)
            .Select(row => new { row.Start, row.Left, row.Top, row.Width }).ToListAsync());
        Assert.NotEmpty(regions);
        Assert.Distinct(regions);
    }

    private static Task<List<string>> TextsAsync(IndexingBench bench, IndexingTask task)
        => bench.QueryAsync(async db => (await db.TextSegments.Where(row => row.VideoId == task.VideoId)
            .OrderBy(row => row.Source).ThenBy(row => row.Number).ToListAsync())
            .Select(row => $"{row.Source} {row.Number} {row.Start:F3} {row.End:F3} {row.Text}").ToList());

    private static Task<List<string>> SoundsAsync(IndexingBench bench, IndexingTask task)
        => bench.QueryAsync(async db => (await db.SoundMoments.Where(row => row.VideoId == task.VideoId)
            .OrderBy(row => row.Start).ThenBy(row => row.End).ToListAsync())
            .Select(row => $"{row.Start:F3} {row.End:F3} {string.Join(' ', row.Classes)}").Order(StringComparer.Ordinal).ToList());

    private static Task<List<FrameVector>> FramesAsync(IndexingBench bench, IndexingTask task)
        => bench.QueryAsync(db => db.Frames.Where(row => row.VideoId == task.VideoId).OrderBy(row => row.Start).ToListAsync());

    private static double Norm(Half[] vector) => Math.Sqrt(vector.Sum(value => (double)value * (double)value));

    private static Dictionary<string, string?> Named(params (string Name, string Value)[] indexing)
    {
        var settings = new Dictionary<string, string?>(Settings);
        foreach (var (name, value) in indexing)
            settings[$"VideoUnderstanding:Indexing:{name}"] = value;
        return settings;
    }

    private async Task<Place> StartAsync(params (string Name, string Value)[] indexing)
    {
        var database = await template.CopyAsync();
        return new Place(database, IndexingBench.Create(database, Named(indexing), models: models.Set));
    }

    private sealed record Place(TestDatabase Database, IndexingBench Bench) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Bench.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
