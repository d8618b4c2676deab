using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.Server;
using VideoUnderstanding.Server.App.Sessions;

namespace VideoUnderstanding.IntegrationTests.App;

/// <summary>The whole server with its jobs and the web app. Its model files are placeholders.</summary>
public sealed class AppServer(DatabaseTemplate template) : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-app-").FullName;
    private WebApplication? _app;
    private int _clients;

    public TestDatabase Database { get; private set; } = null!;
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());
    public string Data => Path.Combine(_folder, "data");
    public IServiceProvider Services => _app!.Services;

    /// <summary>The token of the one-time link.</summary>
    public string SetupToken => Services.GetRequiredService<SetupLink>().AddressBelow("").Split('#')[1];

    public async ValueTask InitializeAsync()
    {
        Database = await template.CopyAsync();
        await StartAsync();
    }

    public async Task RestartAsync()
    {
        await _app!.DisposeAsync();
        await StartAsync();
    }

    /// <summary>A browser without a session. It keeps cookies and does not follow redirects.</summary>
    public Browser Browse(string? forwardedFor = null, bool overTls = false)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() })
        {
            BaseAddress = new Uri(_app!.Urls.First()),
            // Encoding a clip can take minutes on a busy machine.
            Timeout = TimeSpan.FromMinutes(10),
        };
        if (forwardedFor is not null)
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        if (overTls)
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        return new Browser(client);
    }

    /// <summary>A browser in which a new user has signed in.</summary>
    public async Task<Browser> SignedInAsync(UserRole role = UserRole.Administrator, string account = "default")
    {
        var name = $"u{Guid.NewGuid():N}";
        await UsersAsync(users => users.CreateAsync(name, account, role, Password, CancellationToken.None));
        var browser = Browse($"198.51.100.{Interlocked.Increment(ref _clients)}");
        using var entered = await browser.SignInAsync(name);
        Assert.Equal(HttpStatusCode.NoContent, entered.StatusCode);
        return browser with { User = name };
    }

    public async Task<T> UsersAsync<T>(Func<UserStore, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<UserStore>());
    }

    public async ValueTask DisposeAsync()
    {
        await _app!.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            EmptyModelFiles.Write(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = Database.ConnectionString,
            ["VideoUnderstanding:DataFolder"] = Data,
            ["VideoUnderstanding:Proxy:TrustedNetworks:0"] = "127.0.0.0/8",
        });
        builder.Services.AddSingleton<TimeProvider>(Clock);
        _app = Program.Build(builder);
        await _app.StartAsync();
    }
}

/// <summary>Sends requests as the web app does: with the cookies of earlier responses and the anti-forgery token of the
/// session.</summary>
public sealed record Browser(HttpClient Http) : IDisposable
{
    public const string TokenHeader = "RequestVerificationToken";

    /// <summary>Name of the signed-in user; empty if unknown.</summary>
    public string User { get; init; } = "";

    public Task<JsonElement> SessionAsync() => Http.GetAsync("/app/session").JsonAsync();

    public async Task<bool> IsSignedInAsync() => (await SessionAsync()).TryGetProperty("user", out _);

    public async Task<HttpResponseMessage> SignInAsync(string name, string password = AppServer.Password)
        => await SendAsync(HttpMethod.Post, "/app/session", new { name, password });

    /// <summary>Sends the anti-forgery token of the current session.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
        => await SendAsync(method, path, (await SessionAsync()).GetProperty("token").GetString(), body);

    /// <param name="token">Null to send none.</param>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
            request.Headers.Add(TokenHeader, token);
        return await Http.SendAsync(request);
    }

    public void Dispose() => Http.Dispose();
}
