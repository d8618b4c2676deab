using Microsoft.Playwright;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>Debian's Chromium in headless mode, controlled by Playwright.</summary>
public sealed class Chromium : IAsyncDisposable
{
    /// <summary>Timeout in milliseconds for all waits in a browser: start, page load, elements and expectations. The tests share two cores
    /// with servers that index, so Playwright's defaults of 5 and 30 seconds may be too short.</summary>
    public const float TimeoutMilliseconds = 180_000;

    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];

    private readonly IPlaywright _playwright;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, Browser) = (playwright, browser);

    public IBrowser Browser { get; }

    public static async Task<Chromium> LaunchAsync()
    {
        Assertions.SetDefaultExpectTimeout(TimeoutMilliseconds);
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = Flags, Timeout = TimeoutMilliseconds }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }
}
