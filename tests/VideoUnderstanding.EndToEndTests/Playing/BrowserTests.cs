using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Playing;

/// <summary>Chromium plays indexed videos with hls.js from the address in <c>hls.video_url</c>.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class BrowserTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private static readonly string Page = $$"""
        <!doctype html><title>Player</title><script src="/hls.js"></script><video id="video" muted></video>
        <script>
        const video = document.getElementById('video');
        const errors = [];
        const timeout = {{Chromium.TimeoutMilliseconds}};
        let hls;
        function within(milliseconds, what) {
          return new Promise((resolve, reject) => {
            const state = () => `${what} took too long at ${video.currentTime}; ${JSON.stringify(errors)}`;
            setTimeout(() => reject(new Error(state())), milliseconds);
          });
        }
        async function load(address, start) {
          hls = new Hls({ startPosition: start });
          hls.on(Hls.Events.ERROR, (_, error) => errors.push(error.details + (error.fatal ? ' (fatal)' : '')));
          const ready = new Promise(resolve => video.addEventListener('canplay', resolve, { once: true }));
          hls.loadSource(address);
          hls.attachMedia(video);
          await Promise.race([ready, within(timeout, 'loading')]);
          return video.duration;
        }
        async function seek(time) {
          const seeked = new Promise(resolve => video.addEventListener('seeked', resolve, { once: true }));
          video.currentTime = time;
          await Promise.race([seeked, within(timeout, 'seeking to ' + time)]);
        }
        // Seconds of the video and of the clock.
        async function play(seconds) {
          const [begin, clock] = [video.currentTime, performance.now()];
          await video.play();
          const far = new Promise(resolve => video.addEventListener('timeupdate', () => video.currentTime > begin + seconds && resolve()));
          await Promise.race([far, within(timeout, 'playing')]);
          video.pause();
          return [video.currentTime - begin, (performance.now() - clock) / 1000];
        }
        </script>
        """;

    private IBrowserContext _context = null!;

    public async ValueTask InitializeAsync() => _context = await chromium.NewContextAsync();

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Theory]
    [InlineData(GeneratedClips.Colours)]
    [InlineData(GeneratedClips.Uneven)]
    [InlineData(GeneratedClips.Hevc)]
    [InlineData(GeneratedClips.Vp8)]
    [InlineData(GeneratedClips.Mpeg4)]
    [InlineData(GeneratedClips.Sideways)]
    public async Task A_video_plays_and_every_seek_shows_the_picture_of_its_time(string file)
    {
        var (page, address) = (await OpenAsync(), await AddressAsync(file));
        var clip = set.Facts[file];

        var duration = await page.EvaluateAsync<double>("address => load(address, -1)", address);
        Assert.InRange(duration, clip.Duration - 0.25, clip.Duration + 0.25);
        // From the end to the start, so that no segment is buffered because the previous one was played.
        foreach (var scene in clip.Scenes.Reverse())
            foreach (var time in (double[])[scene.End - 0.3, (scene.Start + scene.End) / 2, scene.Start + 0.3])
                await CheckSeekAsync(page, time, scene);
        Assert.Equal(0.3, await page.EvaluateAsync<double>("video.currentTime"), 3);
        // The position at the time of the check depends on the machine, but the video plays no faster than real time.
        var played = await page.EvaluateAsync<double[]>("play(1.5)");
        Assert.InRange(played[0], 1.5, played[1] + 1);
        Assert.Empty(await page.EvaluateAsync<string[]>("errors.filter(error => error.includes('fatal'))"));
        if (clip.Rotation != 0)
            Assert.True(await page.EvaluateAsync<bool>("video.videoHeight > video.videoWidth"));
    }

    [Theory]
    [InlineData(GeneratedClips.Colours)]
    [InlineData(GeneratedClips.Mpeg4)]
    public async Task Playback_can_start_in_the_middle(string file)
    {
        var (page, address, clip) = (await OpenAsync(), await AddressAsync(file), set.Facts[file]);
        var last = clip.Scenes[^1];

        await page.EvaluateAsync("([address, start]) => load(address, start)", new object[] { address, last.Start + 0.5 });

        await CheckAsync(page, last.Start + 0.5, last);
        if (clip.Scenes.Count > 1)
            await CheckSeekAsync(page, 0.5, clip.Scenes[0]);
    }

    private static async Task CheckSeekAsync(IPage page, double time, VisibleScene scene)
    {
        await page.EvaluateAsync("time => seek(time)", time);
        await CheckAsync(page, time, scene);
    }

    private static Task CheckAsync(IPage page, double time, VisibleScene scene)
        => ShownPicture.ExpectColourAsync(page, scene.See, string.Create(CultureInfo.InvariantCulture, $"At {time:0.00} s"));

    /// <summary>The page has the origin of the server, so that all requests go to the server.</summary>
    private async Task<IPage> OpenAsync()
    {
        var page = await _context.NewPageAsync();
        await page.RouteAsync("**/player.html",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Page }));
        await page.RouteAsync("**/hls.js", route => route.FulfillAsync(new RouteFulfillOptions
        {
            ContentType = "text/javascript", Path = ProjectFolder.File("tests/player/node_modules/hls.js/dist/hls.min.js"),
        }));
        await page.GotoAsync($"{set.Server.Address}player.html");
        return page;
    }

    private async Task<string> AddressAsync(string file)
        => (await set.Api.GetAsync($"indexes/{set.IndexOf(file)}/videos/{set.Videos[file]}")).Expect(HttpStatusCode.OK)
            .GetProperty("hls").GetProperty("video_url").GetString()!;
}
