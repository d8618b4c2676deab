using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.SearchTables;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Switching;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Switching;

/// <summary>Switches of an index to the models of another profile, during searches and indexing.</summary>
public sealed class ModelSwitchTests(DatabaseTemplate template)
{
    private const string First = TinyModels.Profile, Wide = TinyModels.WideProfile;

    [Fact]
    public async Task A_switched_index_gives_the_same_answers_with_the_vectors_of_the_new_models()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 2);
        var before = await bench.FindAsync();
        Assert.Equal(6, before.Count);

        Assert.True(await bench.SwitchAsync(Wide));

        var (first, second) = (await bench.FramesOfAsync(0), await bench.FramesOfAsync(1));
        Assert.Equal(before, await bench.FindAsync());
        Assert.Equal((24, 36), (first.Length, second.Length));
        Assert.Equal(first.Rows, second.Rows);
        Assert.False(await bench.SwitchAsync(Wide));
    }

    [Fact]
    public async Task A_switch_can_be_undone_until_the_earlier_vectors_are_deleted()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        await bench.SwitchAsync(Wide);
        // This video is only in the new generation, until the switch back embeds it for the earlier one.
        await bench.AddVideoAsync();
        var found = await bench.FindAsync();
        Assert.Equal(6, found.Count);

        Assert.True(await bench.SwitchAsync(First));
        Assert.Equal(found, await bench.FindAsync());
        Assert.Equal(0, (await bench.ReadSetAsync()).Generation);
        Assert.True(await bench.SwitchAsync(Wide));
        Assert.Equal(1, (await bench.ReadSetAsync()).Generation);

        Assert.True(await bench.PruneAsync());

        Assert.Equal((0, 0), await bench.FramesOfAsync(0));
        Assert.Null((await bench.ReadSetAsync()).PreviousGeneration);
        Assert.Equal(found, await bench.FindAsync());
    }

    [Fact]
    public async Task Deleting_a_video_removes_it_from_all_generations_and_deleting_the_index_drops_its_tables()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 2);
        await bench.SwitchAsync(Wide);
        var frames = (await bench.FramesOfAsync(0)).Rows;
        await using var db = bench.Rows.Open();
        var videos = await db.Videos.Where(video => video.IndexId == bench.Index.Id).Select(video => video.Id).ToListAsync();

        await bench.Indexing.InScopeAsync(async (Removals removals) =>
        {
            await removals.RemoveVideoAsync(videos[0], CancellationToken.None);
            return true;
        });
        foreach (var generation in new[] { 0, 1 })
            Assert.Equal(frames / 2, (await bench.FramesOfAsync(generation)).Rows);
        await bench.Indexing.InScopeAsync(async (Removals removals) =>
        {
            await removals.RemoveIndexAsync(bench.Index.Id, CancellationToken.None);
            return true;
        });

        Assert.Equal((0, 0), await bench.FramesOfAsync(0));
        Assert.Equal(0, await db.Database.SqlQuery<int>(
            $"SELECT count(*)::int AS \"Value\" FROM pg_namespace WHERE nspname = 'index_' || {bench.Index.Id}").SingleAsync());
        Assert.False(await db.GenerationVideos.AnyAsync());
        Assert.False(await db.SearchTableSets.AnyAsync());
    }

    [Fact]
    public async Task A_video_that_is_indexed_during_a_switch_is_found_before_and_after_it()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        IReadOnlyList<string>? during = null;

        Assert.True(await bench.SwitchAsync(Wide, _ => during ??= Task.Run(async () =>
        {
            await bench.AddVideoAsync();
            return await bench.FindAsync();
        }).GetAwaiter().GetResult()));

        Assert.Equal(6, during!.Count);
        Assert.Equal(during, await bench.FindAsync());
        Assert.Equal((await bench.FramesOfAsync(0)).Rows, (await bench.FramesOfAsync(1)).Rows);
    }

    [Fact]
    public async Task A_cancelled_switch_continues_after_the_finished_videos()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 3);
        using var stop = new CancellationTokenSource();
        var reports = new List<double>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.SwitchAsync(Wide, progress =>
        {
            if (progress.Done >= 6)
                stop.Cancel();
        }, stop.Token));
        var written = await bench.WritersOfAsync(1);
        Assert.InRange(written.Count, 1, 2);
        Assert.Equal(0, (await bench.ReadSetAsync()).Generation);

        Assert.True(await bench.SwitchAsync(Wide, progress => reports.Add(progress.Done / progress.Total)));

        var after = await bench.WritersOfAsync(1);
        Assert.Equal(3, after.Count);
        Assert.All(written, one => Assert.Equal(one.Value, after[one.Key]));
        Assert.True(reports[0] > 0.3, "The finished videos count.");
        Assert.Equal(1, reports[^1], 3);
    }

    [Fact]
    public async Task A_task_that_runs_during_the_switch_starts_again_with_the_new_models()
    {
        var stage = new PausedStage();
        await using var bench = await SwitchBench.CreateAsync(template, videos: 0, new SwitchBenchSetup(stage));
        var (video, task) = await bench.AddTaskAsync();
        stage.Pause();
        var indexing = bench.Indexing.RunAsync(task.Id);
        await stage.ReachedAsync();

        Assert.True(await bench.SwitchAsync(Wide));
        stage.Release();
        await indexing;

        var waiting = await bench.Indexing.ReadAsync(task.Id);
        Assert.Equal((TaskState.Pending, 0), (waiting.State, waiting.Attempts));
        await bench.Indexing.RunAsync(task.Id);
        Assert.Equal(TaskState.Ready, (await bench.Indexing.ReadAsync(task.Id)).State);
        Assert.Equal(36, (await bench.FramesOfAsync(1)).Length);
        Assert.Equal(2, (await bench.FindAsync()).Count(found => found.Contains(video.Id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Missing_video_files_stop_the_switch_and_the_error_names_the_videos()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 2);
        await using var db = bench.Rows.Open();
        var lost = await db.Videos.Where(video => video.IndexId == bench.Index.Id).OrderBy(video => video.Id).FirstAsync();
        File.Delete(bench.Indexing.Files.VideoPath(lost.Id));

        var failure = await Assert.ThrowsAsync<ModelSwitchException>(() => bench.SwitchAsync(Wide));

        Assert.Contains($"{lost.Id} (clip.mp4): its file is missing", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await bench.ReadSetAsync()).Generation);
        Assert.Single(await bench.WritersOfAsync(1));
    }

    [Fact]
    public async Task A_server_accepts_the_profile_of_switched_indexes_after_the_other_vectors_are_deleted()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        await bench.SwitchAsync(Wide);
        await using var same = IndexingBench.Create(bench.Rows, bench.Settings(First), beside: bench.Indexing);
        await using var other = IndexingBench.Create(bench.Rows, bench.Settings(Wide), beside: bench.Indexing);
        await using var db = bench.Rows.Open();

        Assert.Null(await db.EnsureVectorsAsync(Sets(same), CancellationToken.None));
        Assert.Contains("./vu models switch PROFILE", await db.EnsureVectorsAsync(Sets(other), CancellationToken.None),
            StringComparison.Ordinal);
        Assert.Equal("tiny-clip", (await VectorColumns.ReadModelsAsync(db, CancellationToken.None)).Visual);

        await bench.PruneAsync();

        Assert.Equal(new StoredVectorModels("wide-clip", "wide-sentences"),
            await VectorColumns.ReadModelsAsync(db, CancellationToken.None));
        Assert.Null(await db.EnsureVectorsAsync(Sets(other), CancellationToken.None));
        Assert.Equal(3, (await bench.FindAsync(new VideoUnderstanding.Search.ModelQueryVectors(Sets(other)))).Count);
    }

    [Fact]
    public async Task With_automatic_selection_new_indexes_have_the_models_of_the_newest_index()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        await using var auto = IndexingBench.Create(bench.Rows, bench.Settings(ModelOptions.AutoProfile), beside: bench.Indexing);
        await using var db = bench.Rows.Open();
        var stored = await VectorColumns.ReadModelsAsync(db, CancellationToken.None);
        auto.Services.GetRequiredService<ProfileSelection>().Choose(stored.Visual, stored.Text);
        async Task<string?> NewAsync(IndexingBench server)
        {
            var index = await bench.Rows.AddIndexAsync();
            await server.InScopeAsync(async (NewIndexModels models) =>
            {
                await models.ApplyAsync(index, CancellationToken.None);
                return true;
            });
            return (await SearchTableStore.ReadAsync(db, index.Id, CancellationToken.None)).Profile;
        }

        Assert.Null(await NewAsync(auto));
        await db.Indexes.Where(index => index.Id != bench.Index.Id).ExecuteDeleteAsync();
        await bench.SwitchAsync(Wide);

        Assert.Equal(Wide, await NewAsync(auto));
        Assert.Equal(Wide, await NewAsync(auto));
        Assert.Null(await NewAsync(bench.Indexing));
    }

    [Fact]
    public async Task Large_generations_get_vector_indexes_and_small_ones_are_compared_exactly()
    {
        await using var bench = await SwitchBench.CreateAsync(template, videos: 1);
        await bench.SwitchAsync(Wide);
        await using var db = bench.Rows.Open();
        Assert.False((await SearchTableStore.ReadAsync(db, bench.Index.Id, CancellationToken.None)).HasVectorIndexes);

        Assert.False(await SearchTableStore.IndexVectorsAsync(db, bench.Index.Id, 1000, CancellationToken.None));
        Assert.True(await SearchTableStore.IndexVectorsAsync(db, bench.Index.Id, 1, CancellationToken.None));

        Assert.True((await SearchTableStore.ReadAsync(db, bench.Index.Id, CancellationToken.None)).HasVectorIndexes);
        Assert.Equal(3, (await bench.FindAsync()).Count);
    }

    private static ModelSets Sets(IndexingBench bench) => bench.Services.GetRequiredService<ModelSets>();
}
