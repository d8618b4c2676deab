using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Limits of the bytes that an account and the server store, for uploaded and fetched videos.</summary>
public sealed class QuotaTests(DatabaseTemplate template, SampleClips clips)
{
    private const string OfAccount = "VideoUnderstanding:Quotas:AccountBytes";
    private const string OfAll = "VideoUnderstanding:Quotas:TotalBytes";

    private long ClipBytes => new FileInfo(clips.Silent).Length;

    [Theory]
    [InlineData(OfAccount, "this account")]
    [InlineData(OfAll, "no room")]
    public async Task A_video_that_does_not_fit_is_refused_until_another_is_deleted(string setting, string words)
    {
        await using var server = await StartAsync(setting, ClipBytes * 3 / 2);
        using var client = server.CreateClient();
        var index = await server.AddIndexAsync(options: ["visual"]);
        var task = (await UploadAsync(client, index).JsonAsync(HttpStatusCode.Created)).Id();

        var message = await UploadAsync(client, index).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Contains(words, message, StringComparison.Ordinal);
        await AssertStoredAsync(server, 1);

        var video = (await client.GetAsync($"/v1.1/tasks/{task}").JsonAsync()).GetProperty("video_id").GetString();
        await client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video}").EmptyAsync(HttpStatusCode.NoContent);
        await UploadAsync(client, index).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_video_of_exactly_the_remaining_size_fits()
    {
        await using var server = await StartAsync(OfAccount, ClipBytes);
        using var client = server.CreateClient();
        await UploadAsync(client, await server.AddIndexAsync(options: ["visual"])).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Two_uploads_at_once_cannot_exceed_the_quota_together()
    {
        await using var server = await StartAsync(OfAccount, ClipBytes * 3 / 2);
        using var client = server.CreateClient();
        var index = await server.AddIndexAsync(options: ["visual"]);
        var halves = new TaskCompletionSource();
        var waiting = 0;
        // Neither upload sends its second half before both first halves are sent.
        Task MeetAsync()
        {
            if (Interlocked.Increment(ref waiting) == 2)
                halves.SetResult();
            return halves.Task;
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 2)
            .Select(_ => UploadAsync(client, index, new PausingContent(clips.Silent, MeetAsync))));

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.BadRequest], answers.Select(answer => answer.StatusCode).Order());
        await AssertStoredAsync(server, 1);
    }

    [Fact]
    public async Task Many_uploads_at_once_stay_within_the_quota()
    {
        await using var server = await StartAsync(OfAll, ClipBytes * 3);
        using var client = server.CreateClient();
        var index = await server.AddIndexAsync(options: ["visual"]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => UploadAsync(client, index)));

        var created = answers.Count(answer => answer.StatusCode == HttpStatusCode.Created);
        Assert.InRange(created, 1, 3);
        Assert.Equal(12 - created, answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest));
        await AssertStoredAsync(server, created);
    }

    [Fact]
    public async Task The_quota_of_an_account_does_not_count_other_accounts()
    {
        await using var server = await StartAsync(OfAccount, ClipBytes);
        using var client = server.CreateClient();
        await server.AddVideoAsync(await server.AddIndexAsync(accountId: await server.AddAccountAsync()));
        await UploadAsync(client, await server.AddIndexAsync(options: ["visual"])).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_announced_length_over_the_quota_is_refused_before_the_body_is_read()
    {
        await using var server = await StartAsync(OfAccount, 1000);
        // By default a client sends the body after a second without an answer.
        using var client = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(1) })
        {
            BaseAddress = server.Address, DefaultRequestHeaders = { { "x-api-key", server.Key } },
        };
        var sent = 0L;
        using var form = new MultipartFormDataContent
        {
            { new StringContent((await server.AddIndexAsync(options: ["visual"])).Id), "index_id" },
            { new CountedContent(64_000_000, count => sent = count), "video_file", "big.mp4" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1.1/tasks") { Content = form, Headers = { ExpectContinue = true } };
        await client.SendAsync(request).ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        Assert.Equal(0, sent);
    }

    [Fact]
    public async Task A_failed_task_does_not_count_towards_the_quota()
    {
        await using var server = await StartAsync(OfAccount, ClipBytes);
        using var client = server.CreateClient();
        var index = await server.AddIndexAsync(options: ["visual"]);
        await server.AddVideoAsync(index, TaskState.Failed);
        await UploadAsync(client, index).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_fetched_video_that_does_not_fit_fails_its_task_and_leaves_no_file()
    {
        await using var host = await FileHost.StartAsync(context => context.Response.SendFileAsync(clips.Silent));
        await using var chunked = await FileHost.StartAsync(
            async context => await context.Response.Body.WriteAsync(await File.ReadAllBytesAsync(clips.Silent)));
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, new Dictionary<string, string?> { [OfAll] = $"{ClipBytes * 3 / 2}" });
        string[] tasks = [.. await TasksAsync(bench, host, host, chunked)];
        foreach (var task in tasks)
            await bench.RunAsync(task);

        var ended = await Task.WhenAll(tasks.Select(bench.ReadAsync));
        Assert.Equal([(TaskState.Ready, null), (TaskState.Failed, "usage_limit_exceeded"), (TaskState.Failed, "usage_limit_exceeded")],
            ended.Select(task => (task.State, task.ErrorCode)));
        Assert.Single(Directory.GetFiles(Path.Combine(bench.Files.Root, "videos")));
        Assert.Empty(Directory.GetFiles(Path.Combine(bench.Files.Root, "incoming")));
    }

    [Fact]
    public async Task A_fetched_video_is_refused_below_the_minimum_of_free_disk_space()
    {
        await using var host = await FileHost.StartAsync(context => context.Response.SendFileAsync(clips.Silent));
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database,
            new Dictionary<string, string?> { ["VideoUnderstanding:MinFreeBytes"] = $"{long.MaxValue}" });
        var task = (await TasksAsync(bench, host)).Single();
        await bench.RunAsync(task);

        var ended = await bench.ReadAsync(task);
        Assert.Equal((TaskState.Failed, "usage_limit_exceeded"), (ended.State, ended.ErrorCode));
        Assert.Empty(Directory.GetFiles(bench.Files.Root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Videos_that_are_fetched_at_once_share_the_quota()
    {
        await using var host = await FileHost.StartAsync(context => context.Response.SendFileAsync(clips.Silent));
        await using var database = await template.CopyAsync();
        await using var bench = IndexingBench.Create(database, new Dictionary<string, string?> { [OfAll] = $"{ClipBytes * 5 / 2}" });
        string[] tasks = [.. await TasksAsync(bench, host, host, host, host)];

        await Task.WhenAll(tasks.Select(task => bench.RunAsync(task)));

        var ended = await Task.WhenAll(tasks.Select(bench.ReadAsync));
        Assert.InRange(ended.Count(task => task.State == TaskState.Ready), 1, 2);
        Assert.All(ended.Where(task => task.State != TaskState.Ready), task => Assert.Equal("usage_limit_exceeded", task.ErrorCode));
        Assert.True(Directory.GetFiles(Path.Combine(bench.Files.Root, "videos"))
            .Sum(file => new FileInfo(file).Length) <= ClipBytes * 5 / 2);
    }

    private static async Task<IEnumerable<string>> TasksAsync(IndexingBench bench, params FileHost[] hosts)
    {
        var ids = new List<string>();
        foreach (var host in hosts)
            ids.Add((await bench.AddTaskAsync(videoUrl: $"{host.Address}/a.mp4", options: [])).Id);
        return ids;
    }

    private Task<TestServer> StartAsync(string quota, long bytes)
        => TestServer.StartAsync(template, new Dictionary<string, string?> { [quota] = $"{bytes}" });

    private Task<HttpResponseMessage> UploadAsync(HttpClient client, VideoIndex index, HttpContent? content = null)
        => client.PostAsync("/v1.1/tasks",
            new MultipartFormDataContent
            {
                { new StringContent(index.Id), "index_id" },
                { content ?? new StreamContent(File.OpenRead(clips.Silent)), "video_file", "a.mp4" },
            });

    private static async Task AssertStoredAsync(TestServer server, int videos)
    {
        Assert.Equal(videos, Directory.GetFiles(Path.Combine(server.Files.Root, "videos")).Length);
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Files.Root, "incoming")));
        await using var db = server.Database.Open();
        Assert.Equal(videos, await db.Videos.CountAsync());
    }

    /// <summary>Reports the number of bytes that were sent.</summary>
    private sealed class CountedContent(long length, Action<long> onSent) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[65536];
            for (long sent = 0; sent < length; sent += block.Length)
            {
                await stream.WriteAsync(block);
                onSent(sent + block.Length);
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
