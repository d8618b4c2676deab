using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server.Api.Reading;
using VideoUnderstanding.Server.Auth;

namespace VideoUnderstanding.IntegrationTests.Guard;

/// <summary>Responses for resources of another account are the same as for absent resources: on every route, and for every identifier
/// in a body.</summary>
public sealed class ForeignIdentifierTests(TestServer server) : IClassFixture<TestServer>, IAsyncLifetime
{
    /// <summary>Bodies that the server accepts for resources of the caller. Other routes get an empty object.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["PUT /indexes/{indexId}"] = """{"index_name":"mine now"}""",
        ["PUT /indexes/{indexId}/videos/{videoId}"] = """{"metadata":{"title":"mine now"}}""",
        ["PUT /admin/webhooks/{webhookId}"] = """{"url":"https://hooks.example.org/mine","enabled":false}""",
    };

    /// <summary>Every body member that contains an identifier of an account's resource, with a request that uses it.</summary>
    private static readonly Dictionary<string, (string Path, string Id, string Body)> Naming = new()
    {
        ["SearchRequest.IndexId"] = ("/v1.1/search", ForeignRows.Index, """{"query":"red","index_id":"ID","search_options":["visual"]}"""),
        ["CombinedSearchRequest.IndexId"] = ("/v1.1/beta/search", ForeignRows.Index,
            """{"query":{"text":"red"},"search_options":["visual"],"index_id":"ID"}"""),
        ["ClassifyVideoRequest.VideoId"] = ("/v1.1/classify", ForeignRows.Video,
            """{"video_id":"ID","options":["visual"],"labels":[{"name":"red","prompts":["red"]}]}"""),
        ["ClassifyVideoRequest.VideoIds"] = ("/v1.1/classify", ForeignRows.Video,
            """{"video_ids":["ID"],"options":["visual"],"labels":[{"name":"red","prompts":["red"]}]}"""),
        ["ClassifyBulkRequest.IndexId"] = ("/v1.1/classify/bulk", ForeignRows.Index,
            """{"index_id":"ID","options":["visual"],"labels":[{"name":"red","prompts":["red"]}]}"""),
        ["ReplayEventRequest.WebhookId"] = ("/admin/webhooks/events/OWN_EVENT/replay", ForeignRows.Webhook, """{"webhook_id":"ID"}"""),
    };

    /// <summary>Members that are not tested here. Engines belong to no account. The index of a watched folder needs the session of an
    /// administrator, curves that of a user; App/CurveTests tests them. A transfer needs a store that answers; Integrations/BucketTests
    /// tests it.</summary>
    private static readonly HashSet<string> NotTested =
    [
        "CreateIndexRequest.EngineId", "UpdateIndexRequest.EngineId", "IntegrationRequest.IndexId", "StartTransferRequest.IndexId",
        "CurveListRequest.IndexId",
    ];

    private readonly HttpClient _client = server.CreateClient();
    private ForeignRows _rows = null!;

    public async ValueTask InitializeAsync() => _rows = await ForeignRows.AddAsync(server);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_route_answers_for_foreign_rows_as_for_absent_rows()
    {
        var own = await server.AddIndexAsync($"own {Guid.NewGuid():N}");
        var routes = Routes().ToList();
        Assert.True(routes.Count > 40, $"Only {routes.Count} routes were found.");
        foreach (var (method, pattern) in routes)
        {
            await CompareAsync(method, pattern, _rows.Ids, _rows.UnknownIds);
            // A foreign video below an index of the caller.
            if (pattern.Contains("{indexId}", StringComparison.Ordinal) && pattern.Contains("{videoId}", StringComparison.Ordinal))
                await CompareAsync(method, pattern, With(_rows.Ids, own.Id), With(_rows.UnknownIds, own.Id));
        }
        await AssertUntouchedAsync();
    }

    [Fact]
    public void Every_route_with_parameters_is_tested_or_belongs_to_no_account()
    {
        var known = typeof(ForeignRows).GetFields().Select(field => (string)field.GetRawConstantValue()!).Append("engineId").ToHashSet();
        foreach (var endpoint in Endpoints().Where(endpoint => endpoint.RoutePattern.Parameters.Count > 0))
        {
            // Documents and files of the web app belong to no account. App/AccessTests covers routes that need a session.
            if (endpoint.RoutePattern.RawText!.StartsWith("/docs", StringComparison.Ordinal)
                || endpoint.RoutePattern.RawText.StartsWith("/assets/", StringComparison.Ordinal)
                || endpoint.RoutePattern.RawText.StartsWith("/indexes/", StringComparison.Ordinal)
                || endpoint.Metadata.GetMetadata<SessionRequired>() is not null)
                continue;
            Assert.True(endpoint.Metadata.GetMetadata<ApiKeyRequired>() is not null
                || endpoint.RoutePattern.RawText.StartsWith("/media/", StringComparison.Ordinal),
                $"{endpoint.RoutePattern.RawText} needs no key.");
            // In signed addresses the signature is valid for one video, and the number is that of a segment.
            Assert.All(endpoint.RoutePattern.Parameters.Where(parameter => parameter.Name is not ("signature" or "number")),
                parameter => Assert.Contains(parameter.Name, known));
        }
    }

    [Fact]
    public void Every_identifier_in_a_body_is_tested()
    {
        var members = Endpoints()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>()?.GetParameters() ?? [])
            .Select(parameter => parameter.ParameterType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(JsonBody<>))
            .Select(type => type.GetGenericArguments()[0])
            .SelectMany(body => body.GetProperties()
                .Where(member => member.Name.EndsWith("Id", StringComparison.Ordinal)
                    || member.Name.EndsWith("Ids", StringComparison.Ordinal)).Select(member => $"{body.Name}.{member.Name}"))
            .Except(NotTested).Distinct();
        Assert.Equal(Naming.Keys.Order(), members.Order());
    }

    [Fact]
    public async Task Every_body_with_a_foreign_identifier_is_answered_as_with_an_unknown_one()
    {
        var happened = new WebhookEvent
        {
            Id = $"whe_{Guid.NewGuid():N}", AccountId = server.AccountId, Type = WebhookEventTypes.TaskReady,
            TaskId = ObjectIds.New(server.Clock), Body = "{}"u8.ToArray(), CreatedAt = server.Clock.GetUtcNow(),
        };
        await server.SaveAsync(happened);
        foreach (var (member, (path, id, body)) in Naming)
        {
            var at = path.Replace("OWN_EVENT", happened.Id, StringComparison.Ordinal);
            var theirs = await SendAsync(HttpMethod.Post, at, body.Replace("ID", _rows.Ids[id], StringComparison.Ordinal), _rows.Ids);
            var unknown = await SendAsync(HttpMethod.Post, at, body.Replace("ID", _rows.UnknownIds[id], StringComparison.Ordinal),
                _rows.UnknownIds);
            Assert.True(theirs == unknown && theirs.Status == HttpStatusCode.NotFound,
                $"{member}: {theirs} for foreign rows, {unknown} for none.");
        }
        await AssertUntouchedAsync();
    }

    [Theory]
    [InlineData("/v1.1/tasks/status?index_id=", HttpStatusCode.NotFound)]
    [InlineData("/v1.1/tasks?index_id=", HttpStatusCode.OK)]
    [InlineData("/v1.1/indexes?_id=", HttpStatusCode.OK)]
    public async Task A_query_with_a_foreign_index_finds_nothing(string path, HttpStatusCode status)
    {
        var theirs = await SendAsync(HttpMethod.Get, path + _rows.Ids[ForeignRows.Index], null, _rows.Ids);
        var unknown = await SendAsync(HttpMethod.Get, path + _rows.UnknownIds[ForeignRows.Index], null, _rows.UnknownIds);
        Assert.Equal(unknown, theirs);
        Assert.Equal(status, theirs.Status);
    }

    [Fact]
    public async Task A_form_with_a_foreign_index_creates_nothing_in_it()
    {
        Task<(HttpStatusCode, string)> TaskIn(IReadOnlyDictionary<string, string> ids) => SendFormAsync("/v1.1/tasks", ids,
            (new StringContent(ids[ForeignRows.Index]), "index_id", null),
            (new StringContent("https://example.org/a.mp4"), "video_url", null));
        Task<(HttpStatusCode, string)> TransferIn(IReadOnlyDictionary<string, string> ids) => SendFormAsync("/v1.1/tasks/transfers", ids,
            (new StringContent($$"""[{"index_id":"{{ids[ForeignRows.Index]}}","object":"s3://raw/a.mp4"}]"""), "file", "a.json"));

        foreach (var send in (Func<IReadOnlyDictionary<string, string>, Task<(HttpStatusCode Status, string)>>[])[TaskIn, TransferIn])
        {
            var theirs = await send(_rows.Ids);
            Assert.Equal(await send(_rows.UnknownIds), theirs);
            Assert.Equal(HttpStatusCode.NotFound, theirs.Status);
        }
        await AssertUntouchedAsync();
    }

    [Fact]
    public async Task Every_row_belongs_to_an_account()
    {
        await using var db = server.Database.Open();
        // Rows of the installation itself. No request contains their identifiers.
        Type[] installation = [typeof(Installation), typeof(DataProtectionKey), typeof(Node)];
        bool Belongs(Microsoft.EntityFrameworkCore.Metadata.IEntityType type) => type.ClrType == typeof(Account)
            || type.ClrType.IsAssignableTo(typeof(IOwned))
                && type.GetForeignKeys().Any(key => key.PrincipalEntityType.ClrType == typeof(Account) && key.IsRequired)
            || type.GetForeignKeys().Any(key => key.IsRequired && key.PrincipalEntityType != type && Belongs(key.PrincipalEntityType))
            // Search tables have no foreign keys. Their rows have a video, and the list of search tables has an index.
            || !type.GetForeignKeys().Any()
                && (type.FindProperty(nameof(FrameVector.VideoId)) ?? type.FindProperty(nameof(SearchTableSet.IndexId)))
                    is { IsNullable: false };
        Assert.All(db.Model.GetEntityTypes().Where(type => !installation.Contains(type.ClrType)),
            type => Assert.True(Belongs(type), $"{type.ClrType.Name} belongs to no account."));
    }

    private async Task CompareAsync(
        string method, string pattern, IReadOnlyDictionary<string, string> theirs, IReadOnlyDictionary<string, string> unknown)
    {
        var body = method is "POST" or "PUT" ? Bodies.GetValueOrDefault($"{method} {WithoutRoot(pattern)}", "{}") : null;
        var foreign = await SendAsync(new HttpMethod(method), Fill(pattern, theirs), body, theirs);
        var missing = await SendAsync(new HttpMethod(method), Fill(pattern, unknown), body, unknown);
        Assert.True(foreign == missing, $"{method} {pattern}: {foreign} for foreign rows, {missing} for none.");
        // CONTRACT, section 3: page tokens have their own error code. The address of a picture without a signature is refused before a
        // lookup.
        var expected = pattern.Contains("{pageToken}", StringComparison.Ordinal) ? HttpStatusCode.BadRequest
            : pattern.StartsWith("/media/", StringComparison.Ordinal) ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound;
        Assert.True(foreign.Status == expected, $"{method} {pattern}: {foreign} instead of {expected}.");
        Assert.DoesNotContain("endpoint_not_exists", foreign.Body, StringComparison.Ordinal);
    }

    private Task<(HttpStatusCode Status, string Body)> SendAsync(
        HttpMethod method, string path, string? body, IReadOnlyDictionary<string, string> ids)
        => SendAsync(new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        }, ids);

    private Task<(HttpStatusCode Status, string Body)> SendFormAsync(
        string path, IReadOnlyDictionary<string, string> ids, params (HttpContent Content, string Name, string? File)[] parts)
    {
        var form = new MultipartFormDataContent();
        foreach (var (content, name, file) in parts)
        {
            content.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = name, FileName = file };
            form.Add(content);
        }
        return SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = form }, ids);
    }

    /// <returns>The response with every identifier replaced by the name of its kind.</returns>
    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, IReadOnlyDictionary<string, string> ids)
    {
        using (request)
        using (var response = await _client.SendAsync(request))
            return (response.StatusCode,
                ids.Aggregate(await response.Content.ReadAsStringAsync(),
                    (text, id) => text.Replace(id.Value, id.Key, StringComparison.Ordinal)));
    }

    private async Task AssertUntouchedAsync()
    {
        await using var db = server.Database.Open();
        var index = await db.Indexes.SingleAsync(row => row.Id == _rows.Ids[ForeignRows.Index]);
        Assert.Equal(("theirs", null), (index.Name, index.DeletedAt));
        Assert.Equal(2, await db.Videos.CountAsync(row => row.AccountId == _rows.AccountId && row.Title == null));
        Assert.Equal(2, await db.Tasks.CountAsync(row => row.AccountId == _rows.AccountId));
        var webhook = await db.WebhookEndpoints.SingleAsync(row => row.AccountId == _rows.AccountId);
        Assert.Equal(("https://hooks.example.org/theirs", "theirs", true), (webhook.Url, webhook.Secret, webhook.Enabled));
        Assert.False(await db.WebhookDeliveries.AnyAsync(delivery => delivery.EndpointId == webhook.Id));
        Assert.True(await db.Logos.AnyAsync(logo => logo.AccountId == _rows.AccountId));
    }

    private IEnumerable<RouteEndpoint> Endpoints()
        => server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    private IEnumerable<(string Method, string Pattern)> Routes()
        => from endpoint in Endpoints()
           // The pages of the web app are the same file for all users.
           where endpoint.Metadata.GetMetadata<ApiKeyRequired>() is not null
               || endpoint.RoutePattern.RawText!.StartsWith("/media/", StringComparison.Ordinal)
           where endpoint.RoutePattern.Parameters.Any(parameter => _rows.Ids.ContainsKey(parameter.Name))
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
           select (method, endpoint.RoutePattern.RawText!);

    private static string WithoutRoot(string pattern)
        => pattern[(pattern.IndexOf("/v1.1/", StringComparison.Ordinal) is >= 0 and var at ? at + 5 : 0)..].TrimEnd('/');

    private static string Fill(string pattern, IReadOnlyDictionary<string, string> ids)
        => ids.Aggregate(pattern, (path, id) => path.Replace($"{{{id.Key}}}", id.Value, StringComparison.Ordinal));

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> ids, string index)
        => new(ids) { [ForeignRows.Index] = index };
}
