using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.Benchmarks.FirstView;

/// <param name="Milliseconds">From the start of the navigation until the view was painted.</param>
/// <param name="Sizes">Number and sizes of the responses until then: files of the app, answers of the API, and pictures. For a response
/// from the cache, nothing is received.</param>
internal sealed record Loading(double Milliseconds, string Sizes);

/// <summary>A page of the web app, opened in a running browser.</summary>
/// <param name="Path">Address of the page.</param>
/// <param name="Condition">JavaScript that is true as soon as the page shows its main content.</param>
/// <param name="State">Cookies of a session; null for a browser without one.</param>
internal sealed record AppView(string Name, string Path, string Condition, string? State)
{
    /// <summary>Calls <c>reportView</c> after the frame in which the condition became true was painted: callbacks of an animation frame run
    /// before it is painted, a timeout that they set runs after it.</summary>
    private string Script => $$"""
        (() => {
          let isSeen = false;
          const check = () => {
            if (isSeen || !({{Condition}})) return;
            isSeen = true;
            requestAnimationFrame(() => setTimeout(() => reportView(performance.now())));
          };
          new MutationObserver(check).observe(document, { childList: true, subtree: true });
          document.addEventListener('load', check, true);
        })();
        """;

    /// <summary>JavaScript that describes the requests of the page in three groups.</summary>
    private const string Sizes = """
        (() => {
          const groups = { files: [], answers: [], pictures: [] };
          for (const entry of [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]) {
            const path = new URL(entry.name).pathname;
            const group = path.endsWith('/picture') ? 'pictures' : /^\/(app|v1\.1|admin)\//.test(path) ? 'answers' : 'files';
            groups[group].push(entry);
          }
          const sum = (entries, what) => (entries.reduce((total, entry) => total + entry[what], 0) / 1000).toFixed(1);
          return Object.entries(groups).filter(([, entries]) => entries.length > 0).map(([name, entries]) => `${name} ${entries.length}: `
            + `${sum(entries, 'transferSize')} kB received with headers, ${sum(entries, 'encodedBodySize')} kB compressed, `
            + `${sum(entries, 'decodedBodySize')} kB unpacked`).join('; ');
        })()
        """;

    /// <summary>Opens the page in a new browser context, whose cache is empty, and then once more in the same context.</summary>
    public async Task<(Loading Empty, Loading Filled)> LoadTwiceAsync(Chromium chromium, Uri server)
    {
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = server.AbsoluteUri, StorageState = State, ViewportSize = new ViewportSize { Width = 1280, Height = 860 },
        });
        context.SetDefaultTimeout(60_000);
        return (await LoadAsync(context), await LoadAsync(context));
    }

    private async Task<Loading> LoadAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        var seen = new TaskCompletionSource<double>(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.ExposeFunctionAsync<double>("reportView", milliseconds => seen.TrySetResult(milliseconds));
        await page.AddInitScriptAsync(Script);
        await page.GotoAsync(Path, new PageGotoOptions { WaitUntil = WaitUntilState.Commit });
        var milliseconds = await seen.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var loading = new Loading(milliseconds, await page.EvaluateAsync<string>(Sizes));
        await page.CloseAsync();
        return loading;
    }
}
