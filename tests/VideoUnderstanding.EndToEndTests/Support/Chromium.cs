using Microsoft.Playwright;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>Debian's Chromium in headless mode, controlled by Playwright. The tests of a collection share it:
/// each one opens its pages in a context of its own, with separate cookies and storage. It starts with the first context.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Timeout in milliseconds for all waits in a browser: start, page load, elements and expectations. The tests share two cores
    /// with servers that index, so Playwright's defaults of 5 and 30 seconds may be too short.</summary>
    public const float TimeoutMilliseconds = 180_000;

    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _launched = new(LaunchAsync);

    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions? options = null)
    {
        var context = await (await _launched.Value).Browser.NewContextAsync(options);
        context.SetDefaultTimeout(TimeoutMilliseconds);
        return context;
    }

    private static async Task<(IPlaywright Playwright, IBrowser Browser)> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return (playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Flags, Timeout = TimeoutMilliseconds }));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_launched.IsValueCreated)
            return;
        var (playwright, browser) = await _launched.Value;
        await browser.DisposeAsync();
        playwright.Dispose();
    }
}
