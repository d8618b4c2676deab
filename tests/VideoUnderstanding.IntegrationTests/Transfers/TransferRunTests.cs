using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Indexing;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Transfers;

/// <summary>A server with a bucket and a shared folder from which transfers read.</summary>
public sealed class TransferServer(DatabaseTemplate template, SampleClips clips) : IAsyncLifetime
{
    private readonly ObjectHost _host = new();

    public TestServer Server { get; private set; } = null!;

    public string Shared { get; } = Directory.CreateTempSubdirectory("vu-shared-").FullName;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        var settings = _host.Settings();
        settings["VideoUnderstanding:Transfers:FileRoot"] = Shared;
        settings["VideoUnderstanding:Indexing:RetryDelaySeconds"] = "0";
        Server = await TestServer.StartAsync(template, settings);
        await _host.PutAsync("pier 01.mp4", clips.WithSound);
        await _host.PutAsync("copies/pier 01.mp4", clips.WithSound);
        await _host.PutAsync("pier-02.mp4", clips.Silent);
        await _host.PutAsync("small.mp4", clips.Small);
        await _host.PutTextAsync("pier-01.vtt", "WEBVTT\n\n00:00.000 --> 00:02.000\nA crane lifts a box.\n");
        await _host.PutTextAsync("words.vtt", "these are only words");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await _host.DisposeAsync();
        Directory.Delete(Shared, recursive: true);
    }
}

/// <summary>Transfers from the request to the finished task. The server has no models, so the indexes have only the thumbnail
/// add-on.</summary>
public sealed class TransferRunTests(TransferServer fixture, SampleClips clips) : IClassFixture<TransferServer>, IAsyncLifetime
{
    private readonly TestServer _server = fixture.Server;
    private readonly HttpClient _client = fixture.Server.CreateClient();
    private VideoIndex _index = null!;

    /// <summary>Removes the rows of the previous test.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var db = _server.Database.Open();
        await db.Tasks.ExecuteDeleteAsync();
        await db.Videos.ExecuteDeleteAsync();
        await db.Indexes.ExecuteDeleteAsync();
        _index = await NewIndexAsync();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Each_element_becomes_a_task_that_ends_with_an_indexed_video()
    {
        await SendAsync(Element("s3://raw/pier%2001.mp4", "s3://raw/pier-01.vtt"), Element("s3://raw/pier-02.mp4", ""));

        var waiting = await TasksAsync();
        Assert.Equal(["pier 01.mp4", "pier-02.mp4"],
            waiting.Select(task => task.GetProperty("metadata").GetProperty("filename").GetString()));
        Assert.All(waiting,
            task
                => Assert.Equal(("validating", 0),
                    (Status(task), task.GetProperty("process").GetProperty("upload_percentage").GetDouble())));

        await RunAsync();

        var ready = await TasksAsync();
        Assert.All(ready, task => Assert.Equal("ready", Status(task)));
        var video = await _client.GetAsync($"/v1.1/indexes/{_index.Id}/videos/{VideoId(ready[0])}").JsonAsync();
        Assert.Equal((640, 360),
            (video.GetProperty("metadata").GetProperty("width").GetInt32(),
                video.GetProperty("metadata").GetProperty("height").GetInt32()));
        Assert.Equal(new FileInfo(clips.WithSound).Length, new FileInfo(_server.Files.VideoPath(VideoId(ready[0]))).Length);
        Assert.Contains("A crane lifts a box.", await File.ReadAllTextAsync(_server.Files.TranscriptPath(VideoId(ready[0]))),
            StringComparison.Ordinal);
        Assert.False(File.Exists(_server.Files.TranscriptPath(VideoId(ready[1]))));
    }

    [Theory]
    [InlineData("s3://raw/gone.mp4", null, "The bucket raw has no object gone.mp4.")]
    [InlineData("s3://elsewhere/gone.mp4", null, "The bucket elsewhere does not exist.")]
    [InlineData("s3://raw/small.mp4", null, "320x180")]
    [InlineData("s3://raw/pier-02.mp4", "s3://raw/gone.vtt",
        "The transcription at s3://raw/gone.vtt cannot be fetched. The bucket raw has no object gone.vtt.")]
    [InlineData("s3://raw/pier-02.mp4", "s3://raw/words.vtt", "SRT or VTT")]
    public async Task An_unusable_element_fails_only_its_own_task_with_a_reason(string video, string? transcription, string part)
    {
        await SendAsync(Element(video, transcription), Element("s3://raw/pier-02.mp4"));
        await RunAsync();
        var tasks = await TasksAsync();
        Assert.Equal(["failed", "ready"], tasks.Select(Status));
        Assert.Contains(part, tasks[0].GetProperty("error_reason").GetString(), StringComparison.Ordinal);
        Assert.False(File.Exists(_server.Files.VideoPath(VideoId(tasks[0]))));
    }

    [Fact]
    public async Task A_video_that_the_index_contains_is_not_stored_again_and_the_task_returns_it()
    {
        await SendAsync(Element("s3://raw/pier 01.mp4"));
        await RunAsync();
        await SendAsync(Element("s3://raw/copies/pier 01.mp4"), Element("s3://raw/pier-02.mp4"));
        var made = VideoId((await TasksAsync())[1]);
        await RunAsync();

        var tasks = await TasksAsync();
        Assert.All(tasks, task => Assert.Equal("ready", Status(task)));
        Assert.Equal(VideoId(tasks[0]), VideoId(tasks[1]));
        Assert.Equal(tasks[0].GetProperty("metadata").ToString(), tasks[1].GetProperty("metadata").ToString());
        Assert.Equal([VideoId(tasks[2]), VideoId(tasks[0])], await VideosAsync(_index));
        Assert.False(File.Exists(_server.Files.VideoPath(made)));
        await _client.GetAsync($"/v1.1/indexes/{_index.Id}/videos/{made}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
    }

    [Fact]
    public async Task Another_index_gets_its_own_video()
    {
        var other = await NewIndexAsync();
        await SendAsync(Element("s3://raw/pier 01.mp4"), Element("s3://raw/pier 01.mp4", index: other));
        await RunAsync();
        Assert.Single(await VideosAsync(_index));
        Assert.Single(await VideosAsync(other));
    }

    [Fact]
    public async Task Equal_elements_that_run_at_the_same_time_are_stored_once()
    {
        await SendAsync([.. Enumerable.Repeat(Element("s3://raw/pier 01.mp4"), 4)]);
        await Task.WhenAll((await TaskIdsAsync()).Select(RunAsync));
        // The tasks that waited for the first one are queued again.
        await RunAsync();
        var tasks = await TasksAsync();
        Assert.All(tasks, task => Assert.Equal("ready", Status(task)));
        Assert.Equal(await VideosAsync(_index), tasks.Select(VideoId).Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_copy_of_a_video_that_is_being_indexed_waits_for_its_result(bool goesWell)
    {
        await SendAsync(Element("s3://raw/pier 01.mp4"));
        await RunAsync();
        var first = (await TasksAsync())[0];
        await SetAsync(VideoId(first), TaskState.Indexing);

        await SendAsync(Element("s3://raw/pier 01.mp4"));
        await RunAsync((await TaskIdsAsync())[^1]);
        var waiting = (await TasksAsync())[1];
        Assert.Equal("validating", Status(waiting));
        Assert.NotEqual(VideoId(first), VideoId(waiting));

        await SetAsync(VideoId(first), goesWell ? TaskState.Ready : TaskState.Failed);
        await RunAsync((await TaskIdsAsync())[^1]);
        var ended = (await TasksAsync())[1];
        Assert.Equal("ready", Status(ended));
        Assert.Equal(VideoId(goesWell ? first : waiting), VideoId(ended));
    }

    [Fact]
    public async Task Files_in_the_shared_folder_are_read_and_links_to_other_folders_are_not()
    {
        File.Copy(clips.WithSound, Path.Combine(fixture.Shared, "pier 03.mp4"));
        File.CreateSymbolicLink(Path.Combine(fixture.Shared, "link.mp4"), clips.Silent);
        await SendAsync(Element($"file://{fixture.Shared}/pier%2003.mp4"), Element($"file://{fixture.Shared}/link.mp4"));
        await RunAsync();
        var tasks = await TasksAsync();
        Assert.Equal(["ready", "failed"], tasks.Select(Status));
        Assert.Equal("pier 03.mp4", tasks[0].GetProperty("metadata").GetProperty("filename").GetString());
        Assert.Contains("There is no file", tasks[1].GetProperty("error_reason").GetString(), StringComparison.Ordinal);
    }

    private object Element(string address, string? transcription = null, VideoIndex? index = null)
        => new { index_id = (index ?? _index).Id, language = "en", @object = address, transcription };

    private async Task SendAsync(params object[] elements)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(elements)), "file", "transfer.json" },
        };
        await _client.PostAsync("/v1.1/tasks/transfers", form).EmptyAsync(HttpStatusCode.NoContent);
    }

    /// <summary>Runs all tasks in order. Finished tasks do not change.</summary>
    private async Task RunAsync()
    {
        foreach (var taskId in await TaskIdsAsync())
            await RunAsync(taskId);
    }

    private async Task<List<string>> TaskIdsAsync()
    {
        await using var db = _server.Database.Open();
        return await db.Tasks.OrderBy(task => task.CreatedAt).ThenBy(task => task.Id).Select(task => task.Id).ToListAsync();
    }

    private async Task RunAsync(string taskId)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IndexingPipeline>().RunAsync(taskId, CancellationToken.None);
    }

    /// <summary>Returns the tasks in the order of the elements of the transfer.</summary>
    private async Task<JsonElement[]> TasksAsync()
    {
        var order = await TaskIdsAsync();
        return [.. (await _client.GetAsync("/v1.1/tasks?page_limit=50").JsonAsync()).Data().OrderBy(task => order.IndexOf(task.Id()))];
    }

    private async Task<string[]> VideosAsync(VideoIndex index)
        => [.. (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos").JsonAsync()).Data().Select(Answers.Id)];

    private Task<VideoIndex> NewIndexAsync() => _server.AddIndexAsync(options: [], addons: ["thumbnail"]);

    private async Task SetAsync(string videoId, TaskState state)
    {
        await using var db = _server.Database.Open();
        var indexedAt = state == TaskState.Ready ? _server.Clock.GetUtcNow() : (DateTimeOffset?)null;
        await db.Tasks.Where(task => task.VideoId == videoId).ExecuteUpdateAsync(row => row.SetProperty(task => task.State, state));
        await db.Videos.Where(video => video.Id == videoId).ExecuteUpdateAsync(row => row.SetProperty(video => video.IndexedAt, indexedAt));
    }

    private static string Status(JsonElement task) => task.GetProperty("status").GetString()!;

    private static string VideoId(JsonElement task) => task.GetProperty("video_id").GetString()!;
}
