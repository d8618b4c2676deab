using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Server;
using VideoUnderstanding.Server.Dashboard;

namespace VideoUnderstanding.IntegrationTests.Dashboard;

/// <summary>The whole server as it is started, with its jobs and its pages; models are there in name only.</summary>
public sealed partial class DashboardServer(DatabaseTemplate template) : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly string _folder = Directory.CreateTempSubdirectory("vu-dashboard-").FullName;
    private WebApplication? _app;

    public TestDatabase Database { get; private set; } = null!;
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());
    public string Data => Path.Combine(_folder, "data");
    public DashboardPassword Secret => _app!.Services.GetRequiredService<DashboardPassword>();

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

    /// <summary>A browser: keeps cookies, shows redirects.</summary>
    public HttpClient Browse(string? forwardedFor = null, bool overTls = false)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = new Uri(_app!.Urls.First()) };
        if (forwardedFor is not null)
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);
        if (overTls)
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        return client;
    }

    public static async Task<HttpResponseMessage> LogInAsync(HttpClient browser, string password = Password)
    {
        var form = await browser.GetStringAsync("/dashboard/login");
        return await browser.PostAsync("/dashboard/login", Form(TokenOf(form), ("password", password)));
    }

    public static string TokenOf(string page) => Token().Match(page).Groups[1].Value;

    public static FormUrlEncodedContent Form(string? token, params (string Name, string Value)[] fields)
        => new(fields.Append(("__RequestVerificationToken", token ?? "")).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));

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
        builder.Configuration.AddInMemoryCollection(PretendModels.Write(Directory.CreateDirectory(Path.Combine(_folder, "models")).FullName));
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

    [GeneratedRegex("""__RequestVerificationToken" value="([^"]+)""")]
    private static partial Regex Token();
}
