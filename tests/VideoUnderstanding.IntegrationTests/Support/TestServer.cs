using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Server;

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>The server as <see cref="Program.Build"/> composes it, with its own port, database, data folder and key. The background
/// services are left out, so jobs are recorded and not run. The model files are placeholders. Use it as a class fixture. A test that needs
/// other settings starts its own server.</summary>
public sealed class TestServer : IAsyncLifetime
{
    private readonly DatabaseTemplate _template;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly ModelRole? _missingModel;
    private readonly Action<IServiceCollection>? _fakes;
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-test-").FullName;
    private WebApplication? _app;
    private TestDatabase? _database;

    public TestServer(DatabaseTemplate template) : this(template, new Dictionary<string, string?>())
    {
    }

    internal TestServer(
        DatabaseTemplate template, IReadOnlyDictionary<string, string?> settings, ModelRole? missingModel = null,
        Action<IServiceCollection>? fakes = null)
        => (_template, _settings, _missingModel, _fakes) = (template, settings, missingModel, fakes);

    /// <summary>For tests that start another server.</summary>
    public DatabaseTemplate Template => _template;

    /// <summary>An API key of the default account.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The default account.</summary>
    public string AccountId { get; private set; } = "";

    /// <summary>The server's clock. Only the test advances it, except for one millisecond per read.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero))
    {
        AutoAdvanceAmount = TimeSpan.FromMilliseconds(1),
    };

    public RecordingJobs Jobs { get; } = new();

    public TestDatabase Database => _database!;

    public IServiceProvider Services => _app!.Services;

    public FilePlaces Files => new(Services);

    public Uri Address => new(_app!.Urls.First());

    /// <param name="fakes">Replaces services that are slow or remote, such as the models.</param>
    public static async Task<TestServer> StartAsync(
        DatabaseTemplate template, IReadOnlyDictionary<string, string?> settings, ModelRole? missingModel = null,
        Action<IServiceCollection>? fakes = null)
    {
        var server = new TestServer(template, settings, missingModel, fakes);
        await server.InitializeAsync();
        return server;
    }

    public async ValueTask InitializeAsync()
    {
        _database = await _template.CopyAsync();
        _app = Build();
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            var (key, secret) = await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().CreateAsync("tests", CancellationToken.None);
            (Key, AccountId) = (secret, key.AccountId);
        }
        await _app.StartAsync();
    }

    /// <summary>Creates a client, by default with the API key.</summary>
    public HttpClient CreateClient(bool withKey = true)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromMinutes(3) };
        if (withKey)
            client.DefaultRequestHeaders.Add("x-api-key", Key);
        return client;
    }

    /// <summary>Creates another key of the default account.</summary>
    public async Task<string> CreateKeyAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<ApiKeyStore>().CreateAsync("another", CancellationToken.None)).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private WebApplication Build()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddConsole();
        builder.Configuration.AddInMemoryCollection(
            EmptyModelFiles.Write(Path.Combine(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName), _missingModel));
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Database"] = Database.ConnectionString,
            ["VideoUnderstanding:DataFolder"] = Path.Combine(_folder, "data"),
            ["VideoUnderstanding:MinFreeBytes"] = "0",
            // No rate limits, because the clock is almost stopped and token buckets would not refill.
            ["VideoUnderstanding:RateLimits:RequestsPerMinute"] = "0",
            ["VideoUnderstanding:RateLimits:CostlyPerMinute"] = "0",
            ["VideoUnderstanding:RateLimits:FailedKeysPerMinute"] = "0",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Warning",
        });
        builder.Configuration.AddInMemoryCollection(_settings);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        return Program.Build(builder, services =>
        {
            // Without the background services, no job runs and no model is loaded.
            services.RemoveAll<IHostedService>();
            services.Replace(ServiceDescriptor.Singleton<IBackgroundJobClient>(Jobs));
            _fakes?.Invoke(services);
        });
    }
}
