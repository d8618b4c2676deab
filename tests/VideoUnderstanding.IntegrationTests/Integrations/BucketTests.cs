using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.IntegrationTests.Indexing;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;

namespace VideoUnderstanding.IntegrationTests.Integrations;

/// <summary>Buckets of a real S3-compatible store, from the connection to the indexed video.</summary>
public sealed class BucketTests(ObjectHost host, DatabaseTemplate template, SampleClips clips) : IClassFixture<ObjectHost>, IAsyncLifetime
{
    private static readonly (string Name, string Value) AllowLoopback = ("Fetching:AllowedNetworks:0", "127.0.0.0/8");

    private IntegrationBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await IntegrationBench.StartAsync(template, AllowLoopback);
        await host.PutAsync("harbour/pier 01%20.mp4", clips.WithSound);
        await host.PutAsync("harbour/pier-02.mp4", clips.Silent);
        await host.PutTextAsync("harbour/notes.txt", "no video");
        await host.PutAsync("elsewhere/pier-03.mp4", clips.Small);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_connected_bucket_is_listed_and_its_new_files_are_indexed_once()
    {
        var added = await _bench.AddAsync(Bucket());
        var id = added.Id();
        Assert.False(added.TryGetProperty("reason", out var reason), reason.ToString());
        Assert.Equal(("active", true), (added.GetProperty("status").GetString(), added.GetProperty("has_credentials").GetBoolean()));
        Assert.DoesNotContain(ObjectHost.Key, added.ToString(), StringComparison.Ordinal);
        Assert.False(added.TryGetProperty("synchronised_at", out _));

        var accepted = await _bench.Client.PostAsync($"{IntegrationBench.Root}/{id}/sync", null).JsonAsync(HttpStatusCode.Accepted);
        Assert.True(accepted.GetProperty("is_synchronising").GetBoolean());
        Assert.Contains(id, _bench.Server.Jobs.Ids);
        await _bench.ListFilesAsync(id);
        var listed = await _bench.ShowAsync(id);
        Assert.False(listed.GetProperty("is_synchronising").GetBoolean());
        Assert.Equal("2 2 0 0 0 0", await _bench.CountsAsync(id));
        Assert.Equal(new FileInfo(clips.WithSound).Length + new FileInfo(clips.Silent).Length,
            listed.GetProperty("files").GetProperty("bytes").GetInt64());

        Assert.Equal((2, 0), await _bench.TransferAsync(id));
        Assert.Equal("2 0 2 0 0 0", await _bench.CountsAsync(id));
        Assert.Equal((0, 0), await _bench.TransferAsync(id));
        await _bench.RunTasksAsync();
        Assert.Equal("2 0 0 2 0 0", await _bench.CountsAsync(id));
        Assert.Equal(["pier 01%20.mp4", "pier-02.mp4"], await _bench.TaskNamesAsync());
        var videos = (await _bench.Client.GetAsync($"/v1.1/indexes/{_bench.Index.Id}/videos").JsonAsync()).Data();
        Assert.Equal(2, videos.Count(video => video.TryGetProperty("indexed_at", out _)));

        await _bench.Client.DeleteAsync($"/v1.1/indexes/{_bench.Index.Id}/videos/{videos[0].Id()}").EmptyAsync(HttpStatusCode.NoContent);
        await host.PutAsync("harbour/pier-04.mp4", clips.Short);
        Assert.Equal((1, 0), await _bench.TransferAsync(id));
        Assert.Equal("3 0 1 1 0 1", await _bench.CountsAsync(id));
        Assert.Equal((1, 0), await _bench.TransferAsync(id, again: true));
    }

    [Fact]
    public async Task The_downloaded_file_lists_new_files_and_works_as_a_transfer()
    {
        await _bench.UseRealTimeAsync();
        var id = (await _bench.AddAsync(Bucket("elsewhere/"))).Id();
        var file = await DownloadAsync(id);
        var element = Assert.Single(file.EnumerateArray());
        Assert.Equal((_bench.Index.Id, "s3://raw/elsewhere/pier-03.mp4"),
            (element.GetProperty("index_id").GetString(), element.GetProperty("object").GetString()));

        await SendAsync(_bench.Client, file).EmptyAsync(HttpStatusCode.NoContent);

        Assert.Empty((await DownloadAsync(id)).EnumerateArray());
        Assert.Single((await DownloadAsync(id, "&files=all")).EnumerateArray());
        Assert.Equal("1 0 1 0 0 0", await _bench.CountsAsync(id));
        // The task fails because 320x180 is too small.
        await _bench.RunTasksAsync();
        Assert.Equal("1 0 0 0 1 0", await _bench.CountsAsync(id));
        Assert.Contains("320x180", Assert.Single(await _bench.FilesAsync(id, "failed")).GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal((0, 0), await _bench.TransferAsync(id));
        Assert.Equal((1, 0), await _bench.TransferAsync(id, again: true));
    }

    [Theory]
    [InlineData("access_key", "UNKNOWN", "The store denied the integration harbour access to the list of the bucket (InvalidAccessKeyId).")]
    [InlineData("bucket", "nowhere", "The bucket nowhere does not exist.")]
    [InlineData("endpoint", "http://no-such-host.invalid", "The host no-such-host.invalid is not known.")]
    [InlineData("endpoint", "http://10.255.255.1:9000", "The host 10.255.255.1 is not on the public internet.")]
    public async Task Invalid_input_is_reported_and_can_be_corrected(string member, string value, string reason)
    {
        var request = Bucket();
        request[member] = value;
        var added = await _bench.AddAsync(request);
        Assert.Equal(("failed", reason), (added.GetProperty("status").GetString(), added.GetProperty("reason").GetString()));
        var message = await _bench.Client
            .PostAsJsonAsync($"{IntegrationBench.Root}/{added.Id()}/transfer", new { index_id = _bench.Index.Id })
            .ErrorAsync(HttpStatusCode.Conflict, "integration_failed");
        Assert.Equal(reason, message);

        var right = Bucket();
        right.Remove("kind");
        var changed = await _bench.Client.PutAsJsonAsync($"{IntegrationBench.Root}/{added.Id()}", right).JsonAsync();
        Assert.Equal("active", changed.GetProperty("status").GetString());
        Assert.False(changed.TryGetProperty("reason", out _));
    }

    [Theory]
    [InlineData(403, "SignatureDoesNotMatch",
        "The store denied the integration harbour access to the list of the bucket (SignatureDoesNotMatch).")]
    [InlineData(400, "AuthorizationHeaderMalformed", "The bucket raw is in another region than the integration harbour says.")]
    [InlineData(307, "TemporaryRedirect", "The bucket raw is in another region than the integration harbour says.")]
    public async Task Errors_of_a_store_are_reported_and_redirects_are_not_followed(int status, string code, string reason)
    {
        var isFollowed = false;
        await using var other = await FileHost.StartAsync(context =>
        {
            isFollowed = true;
            return Task.CompletedTask;
        });
        await using var store = await FileHost.StartAsync(async context =>
        {
            (context.Response.StatusCode, context.Response.ContentType) = (status, "application/xml");
            context.Response.Headers.Location = other.Address;
            await context.Response.WriteAsync($"<Error><Code>{code}</Code><Message>what was signed</Message></Error>");
        });
        var request = Bucket();
        request["endpoint"] = store.Address;
        Assert.Equal(reason, (await _bench.AddAsync(request)).GetProperty("reason").GetString());
        Assert.False(isFollowed);
    }

    /// <summary>The object store of these tests does not support lists with several pages, so this test uses a fake store.</summary>
    [Fact]
    public async Task Lists_of_many_pages_are_read_and_keys_without_a_valid_address_are_skipped()
    {
        static string Object(string key, int size)
            => $"<Contents><Key>{key}</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><Size>{size}</Size></Contents>";
        await using var store = await FileHost.StartAsync(async context =>
        {
            var isFirst = !context.Request.Query.ContainsKey("continuation-token");
            var more = isFirst ? "<IsTruncated>true</IsTruncated><NextContinuationToken>more</NextContinuationToken>" : "";
            var objects = isFirst ? Object("harbour/", 0) + Object("harbour/1.mp4", 10) + Object("harbour/../2.mp4", 20)
                : Object("harbour/3.MKV", 30) + Object("other/4.mp4", 40) + Object("harbour/empty.mp4", 0);
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync($"<ListBucketResult><Name>raw</Name>{more}{objects}</ListBucketResult>");
        });
        var request = Bucket();
        request["endpoint"] = store.Address;
        var id = (await _bench.AddAsync(request)).Id();
        await _bench.ListFilesAsync(id);
        Assert.Equal(["s3://raw/harbour/1.mp4", "s3://raw/harbour/3.MKV"],
            (await _bench.FilesAsync(id)).Select(file => file.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task An_endless_error_response_is_not_read_into_memory()
    {
        var (sent, max, block) = (0, 64 * 1024 * 1024, "a".PadLeft(64 * 1024, 'a'));
        await using var store = await FileHost.StartAsync(async context =>
        {
            context.Response.ContentType = "application/xml";
            if (context.Request.Query.ContainsKey("list-type"))
            {
                await context.Response.WriteAsync("<ListBucketResult><Contents><Key>harbour/1.mp4</Key></Contents></ListBucketResult>");
                return;
            }
            context.Response.StatusCode = 403;
            await context.Response.WriteAsync("<Error><Message>");
            // The delay is needed because writes to a disconnected client return immediately.
            for (; sent < max; Interlocked.Add(ref sent, block.Length), await Task.Delay(1, context.RequestAborted))
                await context.Response.WriteAsync(block, context.RequestAborted);
        });
        var request = Bucket();
        request["endpoint"] = store.Address;
        Assert.Equal("failed", (await _bench.AddAsync(request)).GetProperty("status").GetString());
        Assert.InRange(sent, 1, max / 2);
    }

    [Fact]
    public async Task Stores_in_private_networks_are_refused_unless_allowed()
    {
        await using var strict = await IntegrationBench.StartAsync(template);
        Assert.Equal("The host 127.0.0.1 is not on the public internet.",
            (await strict.AddAsync(Bucket())).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData("endpoint", "http://user@127.0.0.1:9000")]
    [InlineData("endpoint", "http://127.0.0.1:25")]
    [InlineData("endpoint", "ftp://127.0.0.1")]
    [InlineData("endpoint", "http://127.0.0.1:9000/path")]
    [InlineData("bucket", "raw/../other")]
    [InlineData("region", "us east")]
    [InlineData("name", " ")]
    [InlineData("secret_key", "")]
    [InlineData("kind", "disk")]
    [InlineData("folder", "/srv")]
    public async Task Wrong_members_are_refused(string member, string value)
    {
        var request = Bucket();
        request[member] = value;
        await _bench.Client.PostAsJsonAsync(IntegrationBench.Root, request)
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
    }

    [Fact]
    public async Task Credentials_are_encrypted_in_the_database_and_never_sent_to_another_endpoint()
    {
        var id = (await _bench.AddAsync(Bucket())).Id();
        await using (var db = _bench.Server.Database.Open())
        {
            var stored = (await db.Integrations.SingleAsync(row => row.Id == id)).Credentials!;
            Assert.DoesNotContain(ObjectHost.Key, stored, StringComparison.Ordinal);
            Assert.True(stored.Length > 100);
        }
        await using var other = await FileHost.StartAsync(_ => Task.CompletedTask);
        await _bench.Client.PutAsJsonAsync($"{IntegrationBench.Root}/{id}", new { endpoint = other.Address })
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        var renamed = await _bench.Client.PutAsJsonAsync($"{IntegrationBench.Root}/{id}", new { name = "pier" }).JsonAsync();
        Assert.Equal(("pier", "active"), (renamed.GetProperty("name").GetString(), renamed.GetProperty("status").GetString()));
    }

    [Fact]
    public async Task An_index_of_another_account_gets_no_videos()
    {
        var id = (await _bench.AddAsync(Bucket())).Id();
        var foreign = await _bench.Server.AddIndexAsync("theirs", accountId: await _bench.Server.AddAccountAsync());
        await _bench.Client.PostAsJsonAsync($"{IntegrationBench.Root}/{id}/transfer", new { index_id = foreign.Id })
            .ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await using var db = _bench.Server.Database.Open();
        Assert.False(await db.Tasks.AnyAsync());
    }

    [Fact]
    public async Task Accounts_do_not_use_each_others_buckets()
    {
        var id = (await _bench.AddAsync(Bucket())).Id();
        string secret;
        await using (var scope = _bench.Server.Services.CreateAsyncScope())
            secret = (await scope.ServiceProvider.GetRequiredService<ApiKeyStore>()
                .CreateAsync("other", "other account", CancellationToken.None)).Secret;
        using var other = _bench.Server.CreateClient(withKey: false);
        other.DefaultRequestHeaders.Add("x-api-key", secret);
        Assert.Empty((await other.GetAsync(IntegrationBench.Root).JsonAsync()).Data());
        await other.PostAsync($"{IntegrationBench.Root}/{id}/verify", null).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await other.DeleteAsync($"{IntegrationBench.Root}/{id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        var index = (await other.PostAsJsonAsync("/v1.1/indexes",
            new { engine_id = "marengo2", index_name = "mine", index_options = new[] { "visual" } })
            .JsonAsync(HttpStatusCode.Created)).Id();
        var message = await SendAsync(other, JsonSerializer.SerializeToElement(
            new[] { new { index_id = index, @object = "s3://raw/harbour/pier-02.mp4" } }))
            .ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Contains("No integration of this server reads the bucket raw.", message, StringComparison.Ordinal);

        await _bench.Client.DeleteAsync($"{IntegrationBench.Root}/{id}").EmptyAsync(HttpStatusCode.NoContent);
        Assert.Empty((await _bench.Client.GetAsync(IntegrationBench.Root).JsonAsync()).Data());
    }

    [Fact]
    public async Task Integrations_and_their_files_have_limits()
    {
        await using var small = await IntegrationBench.StartAsync(template, AllowLoopback, ("Integrations:MaxIntegrations", "2"),
            ("Integrations:MaxFiles", "1"), ("Transfers:MaxElements", "1"));
        var id = (await small.AddAsync(Bucket())).Id();
        await small.Client.PostAsJsonAsync(IntegrationBench.Root, Bucket())
            .ErrorAsync(HttpStatusCode.Conflict, "integration_already_exists");
        await small.AddAsync(Bucket("elsewhere/"));
        await small.Client.PostAsJsonAsync(IntegrationBench.Root, Bucket("third/"))
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
        await small.ListFilesAsync(id);
        Assert.True((await small.ShowAsync(id)).GetProperty("is_truncated").GetBoolean());
        Assert.Equal("1 1 0 0 0 0", await small.CountsAsync(id));
    }

    private Dictionary<string, object?> Bucket(string prefix = "harbour/") => new()
    {
        ["kind"] = "bucket", ["name"] = "harbour", ["bucket"] = ObjectHost.Bucket, ["endpoint"] = host.Address, ["path_style"] = true,
        ["prefix"] = prefix, ["access_key"] = ObjectHost.Key, ["secret_key"] = ObjectHost.Key,
    };

    private Task<JsonElement> DownloadAsync(string id, string more = "") => _bench.Client
        .GetAsync($"{IntegrationBench.Root}/{id}/transfer-file?index_id={_bench.Index.Id}{more}").JsonAsync();

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, JsonElement elements)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(elements)), "file", "transfer.json" },
        };
        return await client.PostAsync("/v1.1/tasks/transfers", form);
    }
}
