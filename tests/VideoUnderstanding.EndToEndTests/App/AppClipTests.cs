using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Export of selected hits as one video.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppClipTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private const string Player = """
        <!doctype html><title>Player</title><video id="video" muted></video>
        <script>
        const video = document.getElementById('video');
        const event = name => new Promise((resolve, reject) => {
          video.addEventListener(name, resolve, { once: true });
          video.addEventListener('error', () => reject(new Error(video.error.message)), { once: true });
        });
        async function describe() {
          // Chromium seeks in a blob as in a file; the route of the test has no ranges.
          const file = await fetch('/hits.mp4');
          const loaded = event('loadedmetadata');
          video.src = URL.createObjectURL(await file.blob());
          await loaded;
          return [video.duration, video.videoWidth, video.videoHeight];
        }
        async function seek(time) {
          const seeked = event('seeked');
          video.currentTime = time;
          await seeked;
          return video.currentTime;
        }
        async function play() {
          const ended = event('ended');
          await video.play();
          await ended;
        }
        </script>
        """;

    private AppPage _app = null!;
    private IBrowserContext? _player;

    private ILocator Hits => _app.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Checkbox);

    private ILocator Status => _app.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Status);

    public async ValueTask InitializeAsync()
    {
        _app = await AppPage.SignInMemberAsync(chromium, set.Server, "default");
        await _app.GoToAsync($"/search?index={set.SoundIndex}&q=an+old+map&options=conversation,text_in_video&threshold=none");
        await _app.ExpectVisibleAsync(_app.Page.Locator(".hit").First);
    }

    public async ValueTask DisposeAsync()
    {
        if (_player is not null)
            await _player.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Selected_hits_are_saved_as_one_playable_video()
    {
        var json = await _app.Page.RunAndWaitForDownloadAsync(() => _app.Button("Export as JSON").ClickAsync());
        using var hits = JsonDocument.Parse(await File.ReadAllTextAsync(await json.PathAsync(), TestContext.Current.CancellationToken));
        await _app.Button("Export as MP4").ClickAsync();
        await _app.ExpectVisibleAsync(Hits.First);
        await _app.CheckAsync("Choice of hits");
        Assert.Equal(hits.RootElement.GetArrayLength(), await Hits.CountAsync());
        for (var i = 0; i < await Hits.CountAsync(); i++)
            await Hits.Nth(i).SetCheckedAsync(i is 0 or 2);
        var seconds = new[] { 0, 2 }.Sum(i => hits.RootElement[i].GetProperty("end").GetDouble()
            - hits.RootElement[i].GetProperty("start").GetDouble());
        await Assertions.Expect(Status).ToContainTextAsync("2 hits");

        var download = await _app.Page.RunAndWaitForDownloadAsync(() => _app.Button("Make the video").ClickAsync());
        Assert.Equal("hits.mp4", download.SuggestedFilename);
        await Assertions.Expect(Status).ToHaveTextAsync("The video with 2 hits was saved.");
        var page = await OpenAsync(await download.PathAsync());
        var (duration, width, height) = await page.EvaluateAsync<double[]>("describe()") is [var first, var second, var third]
            ? (first, second, third) : default;
        Assert.Equal(seconds, duration, 0.2);
        Assert.True(width >= 100 && height >= 100, $"{width} x {height}");
        Assert.Equal(seconds / 2, await page.EvaluateAsync<double>("time => seek(time)", seconds / 2), 0.1);
        await page.EvaluateAsync("time => seek(time)", seconds - 0.5);
        await page.EvaluateAsync("play()");
        _app.AssertClean();
    }

    [Fact]
    public async Task An_error_message_is_shown_and_a_request_can_be_stopped()
    {
        const string Sentence = "The video of parts[0] does not exist any more.";
        await _app.Button("Export as MP4").ClickAsync();
        await _app.ExpectVisibleAsync(Hits.First);
        await _app.Page.RouteAsync("**/app/clips", route => route.FulfillAsync(new RouteFulfillOptions
        {
            Status = 404, ContentType = "application/json",
            Body = JsonSerializer.Serialize(new { code = "resource_not_exist", message = Sentence }),
        }));
        await _app.Button("Make the video").ClickAsync();
        await Assertions.Expect(_app.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(Sentence);

        await _app.Page.UnrouteAsync("**/app/clips");
        // The request gets no response.
        await _app.Page.RouteAsync("**/app/clips", _ => Task.CompletedTask);
        await _app.Button("Make the video").ClickAsync();
        await Assertions.Expect(Status).ToContainTextAsync("The server makes the video.");
        await _app.Button("Stop").ClickAsync();
        await Assertions.Expect(Status).ToHaveTextAsync(new Regex(@"^\d+ hits, \d+:\d\d$"));
        await Assertions.Expect(_app.Page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        _app.AssertClean("404");
    }

    private async Task<IPage> OpenAsync(string file)
    {
        _player = await chromium.NewContextAsync();
        var page = await _player.NewPageAsync();
        await page.RouteAsync("**/player.html",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Player }));
        await page.RouteAsync("**/hits.mp4",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "video/mp4", Path = file }));
        await page.GotoAsync($"{set.Server.Address}player.html");
        return page;
    }
}
