using System.Collections.Concurrent;
using System.Globalization;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Operations.Users;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>A page of the web app in a separate browser context. It records requests to other hosts and error messages of the browser,
/// which include violations of the content security policy.</summary>
public sealed class AppPage : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    /// <summary>Environment variable with the folder for screenshots, for example those in docs/images. Without it no screenshots are
    /// taken.</summary>
    private const string ScreenshotVariable = "VIDEOUNDERSTANDING_SCREENSHOTS";

    /// <summary>Rules of axe whose result depends on the colours.</summary>
    private static readonly string[] ColourRules = ["color-contrast", "link-in-text-block"];

    /// <summary>JavaScript that returns the state of the page for failure messages.</summary>
    private const string State = """
        (() => {
          const video = document.querySelector('video');
          const { currentTime, paused, seeking, readyState, ended } = video ?? {};
          const buffered = Array.from(video?.buffered ?? [], (_, i) => [video.buffered.start(i), video.buffered.end(i)]);
          const focus = document.activeElement?.outerHTML.slice(0, 150);
          return JSON.stringify({ address: location.href, focus, currentTime, paused, seeking, readyState, ended, buffered });
        })()
        """;

    private readonly IBrowserContext _context;
    private readonly Uri _address;

    private AppPage(IBrowserContext context, IPage page, Uri address) => (_context, Page, _address) = (context, page, address);

    public IPage Page { get; }

    public ConcurrentQueue<string> ForeignRequests { get; } = [];

    public ConcurrentQueue<string> Errors { get; } = [];

    /// <param name="width">Pixels.</param>
    public static async Task<AppPage> OpenAsync(
        Chromium chromium, Uri address, int width = 1280, ColorScheme scheme = ColorScheme.Light, bool isTouch = false)
    {
        var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.AbsoluteUri,
            ViewportSize = new ViewportSize { Width = width, Height = width < 600 ? 844 : 860 },
            ColorScheme = scheme,
            HasTouch = isTouch,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = new AppPage(context, await context.NewPageAsync(), address);
        page.Watch();
        return page;
    }

    /// <summary>Signs in as a new member of an account.</summary>
    public static async Task<AppPage> SignInMemberAsync(Chromium chromium, RunningServer server, string account)
    {
        var app = await OpenAsync(chromium, server.Address);
        await app.SignInAsync(await CreateUserAsync(server, account, UserRole.Member));
        return app;
    }

    /// <summary>Creates a user with <see cref="Password"/>.</summary>
    /// <returns>The name of the user.</returns>
    public static async Task<string> CreateUserAsync(RunningServer server, string account, UserRole role)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserStore>()
            .CreateAsync($"u{Guid.NewGuid():N}"[..10], account, role, Password, TestContext.Current.CancellationToken);
        return user!.Name;
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Exact = true });

    public Task ExpectVisibleAsync(ILocator what) => Assertions.Expect(what).ToBeVisibleAsync();

    public async Task GoToAsync(string path)
    {
        await Page.GotoAsync(path);
        // The page of an index keeps its event stream open, so its network is never idle.
        if (path.StartsWith("/indexes/", StringComparison.Ordinal) && !path.Contains("/videos/", StringComparison.Ordinal))
            await WaitUntilAsync("document.querySelector('main h1, main .empty') !== null && document.querySelector('.loading') === null");
        else
            await Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
    }

    public async Task SignInAsync(string name, string password = Password)
    {
        await GoToAsync("/sign-in");
        await Page.GetByLabel("User name").FillAsync(name);
        await Page.GetByLabel("Password").FillAsync(password);
        await Button("Sign in").ClickAsync();
        await ExpectVisibleAsync(Heading("Library"));
    }

    /// <summary>Checks the page in light colours with all rules and in dark colours with those of colours. Takes a screenshot of
    /// each.</summary>
    /// <param name="name">Name of the page in failure messages and screenshots.</param>
    public async Task CheckInBothSchemesAsync(string name)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            await Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var view = $"{name}-{scheme.ToString().ToLowerInvariant()}";
            await CheckAsync(view, scheme == ColorScheme.Dark ? ColourRules : null);
            await SaveScreenshotAsync(view);
        }
    }

    /// <summary>Fails if axe reports a serious or critical problem, or if the page is wider than the window.</summary>
    /// <param name="what">Name of the page in failure messages.</param>
    /// <param name="rules">Identifiers of the rules of axe; null for all.</param>
    public async Task CheckAsync(string what, IEnumerable<string>? rules = null)
    {
        var found = await Page.RunAxe(new AxeRunOptions
        {
            // The elements of passed rules are not used, so axe need not describe them.
            ResultTypes = [ResultType.Violations],
            RunOnly = rules is null ? null : RunOnlyOptions.Rules([.. rules]),
        });
        var serious = found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")).ToList();
        Assert.True(serious.Count == 0, $"{what}:\n{string.Join('\n', serious)}");
        var wide = await Page.EvaluateAsync<string[]>("""
            () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? []
                : [...document.querySelectorAll('body *')].filter(
                    element => element.getBoundingClientRect().right > document.documentElement.clientWidth).map(
                    element => `${element.outerHTML.slice(0, 150)} (${Math.round(element.getBoundingClientRect().right)})`)
            """);
        Assert.True(wide.Length == 0, $"{what}: the content is wider than the window:\n{string.Join('\n', wide)}");
    }

    /// <summary>Evaluates the expression until it is true. Playwright's own wait functions evaluate it inside the page, which the content
    /// security policy of the server forbids.</summary>
    public async Task WaitUntilAsync(string expression)
    {
        for (var begin = TimeProvider.System.GetTimestamp(); !await Page.EvaluateAsync<bool>(expression); await Task.Delay(100))
        {
            if (TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds > Chromium.TimeoutMilliseconds)
                Assert.Fail($"It stayed false: {expression}\n{await Page.EvaluateAsync<string>(State)}");
        }
    }

    /// <summary>Waits until the video has reached the time in the address (parameter <c>t</c>), then pauses it. After that only the test
    /// changes the position: the player seeks once, when the first data arrives, and a paused video does not start by itself.</summary>
    public async Task PauseAsync()
    {
        await WaitUntilAsync("""
            (() => {
              const video = document.querySelector('video');
              const start = Number(new URL(location.href).searchParams.get('t') ?? 0);
              if (!video || video.readyState < 2 || video.seeking || video.currentTime < start - 0.5) return false;
              video.pause();
              return true;
            })()
            """);
        await WaitForPositionAsync(0, double.MaxValue);
    }

    /// <summary>Waits until the position of the paused video is in this range.</summary>
    /// <param name="from">Seconds.</param>
    /// <param name="to">Seconds, exclusive. The player may skip a gap of less than one second before the first picture.</param>
    public Task WaitForPositionAsync(double from, double to) => WaitUntilAsync(string.Create(CultureInfo.InvariantCulture, $$"""
        (() => {
          const video = document.querySelector('video');
          return video.paused && !video.seeking && video.readyState >= 2 && video.currentTime >= {{from}} && video.currentTime < {{to}};
        })()
        """));

    public async Task SaveScreenshotAsync(string name)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotVariable) is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, $"{name}.png") });
    }

    /// <summary>Fails if the page sent a request to another host or if the browser reported an error.</summary>
    /// <param name="expected">Parts of error messages that the test itself causes.</param>
    public void AssertClean(params string[] expected)
    {
        Assert.Empty(ForeignRequests);
        var errors = Errors.Where(error => !expected.Any(part => error.Contains(part, StringComparison.Ordinal))).ToList();
        Assert.True(errors.Count == 0, string.Join('\n', errors));
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private void Watch()
    {
        Page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_address.AbsoluteUri, StringComparison.Ordinal)
                && !request.Url.StartsWith($"blob:{_address.AbsoluteUri}", StringComparison.Ordinal))
                ForeignRequests.Enqueue(request.Url);
        };
        Page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Errors.Enqueue($"{message.Text} ({message.Location})");
        };
        Page.PageError += (_, error) => Errors.Enqueue(error);
    }
}
