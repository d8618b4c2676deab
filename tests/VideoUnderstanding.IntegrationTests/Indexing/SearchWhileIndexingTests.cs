using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.Indexing.Journal;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Indexing;

/// <summary>Searches find the indexed chunks of a video while its other chunks are not indexed.</summary>
public sealed class SearchWhileIndexingTests(SearchServer fixture) : IClassFixture<SearchServer>, IAsyncLifetime
{
    private static readonly TimeSpan WaitTimeout = TimeSpan.FromMinutes(3);

    private readonly HttpClient _client = fixture.Server.CreateClient();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IndexingBench> _benches = [];
    private VideoIndex _index = null!;
    private Video _video = null!;
    private IndexingTask _task = null!;

    private TestServer Server => fixture.Server;

    public async ValueTask InitializeAsync()
    {
        _index = await Server.AddIndexAsync(options: [IndexOptions.Visual], addons: [IndexAddons.Thumbnail]);
        (_video, _task) = await Server.AddVideoAsync(_index, TaskState.Pending, duration: ChunkedStage.Seconds);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        foreach (var bench in _benches)
            await bench.DisposeAsync();
    }

    [Fact]
    public async Task A_moment_of_the_first_chunk_is_found_while_the_second_is_not_indexed()
    {
        var run = Start(BlockAsync);
        await _reached.Task.WaitAsync(WaitTimeout);

        var early = await SearchAsync("red");
        var clip = Assert.Single(early.Data());
        Assert.Equal((_video.Id, 5, 8), (clip.GetProperty("video_id").GetString(), (int)clip.GetProperty("start").GetDouble(),
            (int)clip.GetProperty("end").GetDouble()));
        Assert.Equal("""[{"type":"visual"}]""", clip.GetProperty("metadata").GetRawText());
        Assert.Contains($"/media/thumbnails/{_video.Id}.jpeg?time=6.5&", clip.GetProperty("thumbnail_url").GetString());
        Assert.Equal(Pool(ready: 0, seconds: 0, indexing: 1), early.GetProperty("search_pool").GetRawText());
        Assert.Empty((await SearchAsync("blue")).Data());
        var video = await _client.GetAsync($"/v1.1/indexes/{_index.Id}/videos/{_video.Id}").JsonAsync();
        Assert.Equal(ChunkedStage.Seconds, video.GetProperty("metadata").GetProperty("duration").GetDouble());
        Assert.DoesNotContain("indexed_at", video.Names());

        _released.SetResult();
        await run;

        var late = await SearchAsync("blue");
        Assert.Equal(25, (int)Assert.Single(late.Data()).GetProperty("start").GetDouble());
        Assert.Equal(Pool(ready: 1, seconds: ChunkedStage.Seconds, indexing: 0), late.GetProperty("search_pool").GetRawText());
        Assert.Equal(5, (int)Assert.Single((await SearchAsync("red")).Data()).GetProperty("start").GetDouble());
        await AssertRowsAsync(ChunkedStage.Seconds);
    }

    [Fact]
    public async Task The_moments_of_a_failed_task_disappear_also_from_pages_of_earlier_searches()
    {
        var (other, _) = await Server.AddVideoAsync(_index);
        await Server.Database.AddFramesAsync(other, (20, "green", 0.9), (5, "red", 0.95), (20, "green", 0.9));
        var run = Start(async (attempt, chunk, token) =>
        {
            await BlockAsync(attempt, chunk, token);
            throw new IndexingFailedException("video_file_broken", "The video cannot be read.");
        });
        await _reached.Task.WaitAsync(WaitTimeout);
        var early = await SearchAsync("red", pageLimit: 1);
        var next = early.GetProperty("page_info").GetProperty("next_page_token").GetString();
        Assert.Equal(_video.Id, Assert.Single((await PageAsync(next)).Data()).GetProperty("video_id").GetString());

        _released.SetResult();
        await run;

        Assert.Equal(TaskState.Failed, (await _benches[0].ReadAsync(_task.Id)).State);
        Assert.Empty((await PageAsync(next)).Data());
        var after = await SearchAsync("red");
        Assert.Equal(other.Id, Assert.Single(after.Data()).GetProperty("video_id").GetString());
        Assert.Equal(0, after.GetProperty("search_pool").GetProperty("indexing").GetInt32());
        await AssertRowsAsync(0);
    }

    [Fact]
    public async Task The_moments_of_a_video_that_is_deleted_during_the_run_disappear()
    {
        var run = Start(BlockAsync);
        await _reached.Task.WaitAsync(WaitTimeout);
        Assert.NotEmpty((await SearchAsync("red")).Data());

        await _client.DeleteAsync($"/v1.1/indexes/{_index.Id}/videos/{_video.Id}").EmptyAsync(HttpStatusCode.NoContent);

        Assert.Empty((await SearchAsync("red")).Data());
        _released.SetResult();
        await run;
        Assert.Empty((await SearchAsync("red")).Data());
        await AssertRowsAsync(0);
    }

    [Fact]
    public async Task A_new_attempt_replaces_chunk_by_chunk_without_lost_or_duplicate_rows()
    {
        var bench = Bench(async (attempt, chunk, token) =>
        {
            if (attempt == 1 && chunk == 2)
                throw new InvalidOperationException("once");
            if (attempt == 2)
                await BlockAsync(attempt, chunk, token);
        });
        await bench.RunAsync(_task.Id);
        Assert.Equal(TaskState.Pending, (await bench.ReadAsync(_task.Id)).State);
        // The rows of two chunks remain and are found until the next attempt replaces them.
        await AssertRowsAsync(2 * ChunkedStage.ChunkSeconds);
        Assert.NotEmpty((await SearchAsync("red")).Data());

        var run = bench.RunAsync(_task.Id);
        await _reached.Task.WaitAsync(WaitTimeout);
        await AssertRowsAsync(2 * ChunkedStage.ChunkSeconds);
        Assert.Single((await SearchAsync("red")).Data());
        _released.SetResult();
        await run;

        Assert.Equal(TaskState.Ready, (await bench.ReadAsync(_task.Id)).State);
        await AssertRowsAsync(ChunkedStage.Seconds);
    }

    [Fact]
    public async Task An_obsolete_attempt_commits_no_further_chunk()
    {
        var run = Start(BlockAsync);
        await _reached.Task.WaitAsync(WaitTimeout);
        await _benches[0].QueryAsync(db => db.Tasks.Where(row => row.Id == _task.Id).ExecuteUpdateAsync(row
            => row.SetProperty(task => task.AttemptToken, task => task.AttemptToken + 1)));

        _released.SetResult();
        await run;

        await AssertRowsAsync(ChunkedStage.ChunkSeconds);
        Assert.Null(await _benches[0].QueryAsync(db => db.Videos.Where(row => row.Id == _video.Id).Select(row => row.IndexedAt)
            .SingleAsync()));
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_found_before_the_video_is_ready()
    {
        var run = Start(BlockAsync, searchWhileIndexing: false);
        await _reached.Task.WaitAsync(WaitTimeout);

        Assert.Empty((await SearchAsync("red")).Data());
        await AssertRowsAsync(0);
        _released.SetResult();
        await run;

        Assert.Single((await SearchAsync("red")).Data());
        await AssertRowsAsync(ChunkedStage.Seconds);
    }

    /// <summary>Waits at the beginning of the second chunk until the test completes <see cref="_released"/>.</summary>
    private Task BlockAsync(int attempt, int chunk, CancellationToken cancellationToken)
    {
        if (chunk != 1)
            return Task.CompletedTask;
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }

    private Task Start(Func<int, int, CancellationToken, Task> atChunk, bool searchWhileIndexing = true)
        => Bench(atChunk, searchWhileIndexing).RunAsync(_task.Id);

    private IndexingBench Bench(Func<int, int, CancellationToken, Task> atChunk, bool searchWhileIndexing = true)
    {
        var stage = new ChunkedStage(atChunk);
        var bench = IndexingBench.Create(Server.Database, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:Indexing:ChunkSeconds"] = $"{ChunkedStage.ChunkSeconds}",
            ["VideoUnderstanding:Indexing:SearchWhileIndexing"] = $"{searchWhileIndexing}",
        }, [new ScriptedStage("probe", validates: true), stage]);
        stage.Chunks = bench.Services.GetRequiredService<ChunkCommits>();
        _benches.Add(bench);
        return bench;
    }

    private Task<JsonElement> SearchAsync(string query, int pageLimit = 10)
        => _client.PostAsJsonAsync("/v1.1/search",
            new { query, index_id = _index.Id, search_options = new[] { IndexOptions.Visual }, page_limit = pageLimit }).JsonAsync();

    private Task<JsonElement> PageAsync(string? token) => _client.GetAsync($"/v1.1/search/{token}").JsonAsync();

    private string Pool(int ready, int seconds, int indexing)
        => $$"""{"index_id":"{{_index.Id}}","total_count":{{ready}},"total_duration":{{seconds}},"indexing":{{indexing}}}""";

    /// <summary>Checks that the video has one row for each of the first seconds, and no others.</summary>
    private async Task AssertRowsAsync(int seconds)
    {
        await using var db = Server.Database.Open();
        Assert.Equal(Enumerable.Range(0, seconds).Select(second => (double)second),
            await db.Frames.Where(row => row.VideoId == _video.Id).OrderBy(row => row.Start).Select(row => row.Start).ToListAsync());
    }
}
