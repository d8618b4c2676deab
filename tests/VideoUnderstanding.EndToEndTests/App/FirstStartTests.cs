using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Server.App.Sessions;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>The first use of a new server in the browser.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class FirstStartTests(GeneratedSet set, Chromium chromium)
{
    [Fact]
    public async Task A_new_user_gets_from_the_one_time_link_to_the_first_hit()
    {
        await using var database = await FreshDatabase.CreateAsync(TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync(database.ConnectionString, GeneratedSet.Settings(set.Manifest));
        await using var app = await AppPage.OpenAsync(chromium, server.Address);

        await SetUpAsync(app, server);
        await CreateIndexAsync(app, "Harbour films");
        await UploadAsync(app);
        await FailAsync(app);
        await SearchAsync(app, "Navy");
        await WatchAsync(app);
        await DownloadAsync(app);
        // The server refused the broken file with 400, which the browser reports as an error.
        app.AssertClean("status of 400");
    }

    private static async Task SetUpAsync(AppPage app, RunningServer server)
    {
        await app.GoToAsync("/");
        await app.ExpectVisibleAsync(app.Page.GetByText("This server has no user yet."));
        var root = server.Address.AbsoluteUri.TrimEnd('/');
        await app.Page.GotoAsync(server.Services.GetRequiredService<SetupLink>().AddressBelow(root));
        await app.ExpectVisibleAsync(app.Heading("Welcome"));
        await app.SaveScreenshotAsync("first-start");
        await app.Page.GetByLabel("Password", new() { Exact = true }).FillAsync(AppPage.Password);
        await app.Page.GetByLabel("Password again").FillAsync(AppPage.Password);
        await app.Button("Start").ClickAsync();
        await app.ExpectVisibleAsync(app.Heading("Create your first index"));
    }

    private static async Task CreateIndexAsync(AppPage app, string name)
    {
        await app.Button("New index").First.ClickAsync();
        await app.CheckAsync("New index");
        await app.Page.GetByLabel("Name").FillAsync(name);
        await app.Button("Create").ClickAsync();
        await app.ExpectVisibleAsync(app.Heading(name));
    }

    private async Task UploadAsync(AppPage app)
    {
        string[] files = [GeneratedClips.Colours, GeneratedClips.Vp8, GeneratedClips.Mpeg4];
        await app.Page.GetByLabel("Video files").SetInputFilesAsync(files.Select(set.PathOf));
        await app.ExpectVisibleAsync(app.Page.GetByRole(AriaRole.Region, new() { Name = "Uploads and indexing" }));
        await app.SaveScreenshotAsync("uploading");
        foreach (var file in files)
            await Assertions.Expect(app.Link(file)).ToBeVisibleAsync(new() { Timeout = 240_000 });
        await app.ExpectVisibleAsync(app.Page.GetByText("3 videos,").First);
    }

    /// <summary>An unreadable file fails with an error message, can be retried and can be removed.</summary>
    private async Task FailAsync(AppPage app)
    {
        var file = GeneratedClips.PlainText;
        await app.Page.GetByLabel("Video files").SetInputFilesAsync(set.PathOf(file));
        var again = app.Button($"Try again: {file}");
        await app.ExpectVisibleAsync(again);
        await app.ExpectVisibleAsync(app.Page.Locator(".failure"));
        await app.CheckAsync("A failed upload");
        await again.ClickAsync();
        await app.ExpectVisibleAsync(again);
        await app.Button($"Remove {file}").ClickAsync();
        await Assertions.Expect(again).ToBeHiddenAsync();
    }

    private static async Task SearchAsync(AppPage app, string query)
    {
        await app.Link("Search in this index").ClickAsync();
        await app.Page.GetByRole(AriaRole.Searchbox, new() { Name = "What to search for" }).FillAsync(query);
        await app.Page.Keyboard.PressAsync("Enter");
        await app.ExpectVisibleAsync(app.Page.GetByRole(AriaRole.Listitem).First);
        await app.ExpectVisibleAsync(app.Page.Locator(".chip.high").First);
        await app.Button("Show as curl, Python, C#").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText("requests.post("));
        await app.Button("Close").ClickAsync();
    }

    private static async Task WatchAsync(AppPage app)
    {
        // The video plays from the start of the hit. Its position at the time of the check depends on the speed of the machine, so the test
        // records the first seek.
        await app.Page.EvaluateAsync(
            "document.addEventListener('seeking', event => window.firstMoment ??= event.target.currentTime, { capture: true })");
        await app.Page.Locator(".hit a").First.ClickAsync();
        await app.PauseAsync();
        // Blue is shown from 10 to 15 s.
        Assert.InRange(await app.Page.EvaluateAsync<double>("window.firstMoment"), 8.9, 15);
        await app.Button("0:10").Or(app.Button("0:09")).First.ClickAsync();
        await app.WaitUntilAsync(
            "(() => { const video = document.querySelector('video'); return !video.seeking && video.currentTime < 11; })()");
        await app.Page.Locator(".lines button").Last.ClickAsync();
        await app.WaitUntilAsync(
            "(() => { const video = document.querySelector('video'); return !video.seeking && video.readyState >= 2; })()");
        await ShownPicture.ExpectColourAsync(app.Page, "blue", "After the click on the last line");
        await app.ExpectVisibleAsync(app.Page.Locator(".lines button[aria-current]"));
    }

    private static async Task DownloadAsync(AppPage app)
    {
        var download = await app.Page.RunAndWaitForDownloadAsync(() => app.Button("Download as SRT").ClickAsync());
        var text = await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Equal($"{GeneratedClips.Colours}.srt", download.SuggestedFilename);
        Assert.Matches(@"\A1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\S", text);
    }
}
