using System.Diagnostics;
using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Searches by a picture in the web app. The clip has four colours of five seconds each.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppPictureTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private readonly string _picture = Path.Combine(Path.GetTempPath(), $"vu-{Guid.NewGuid():N}.png");
    private AppPage _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await AppPage.SignInMemberAsync(chromium, set.Server, "default");
        using var encoder = Process.Start("ffmpeg",
            ["-v", "error", "-ss", "12", "-i", set.PathOf(GeneratedClips.Colours), "-frames:v", "1", _picture]);
        await encoder.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, encoder.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_picture);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_selected_picture_finds_its_moment_and_must_be_selected_again_after_a_reload()
    {
        await _app.GoToAsync($"/search?index={set.SoundIndex}");
        await _app.Page.GetByLabel("Picture to search for").SetInputFilesAsync(_picture);
        var hit = _app.Page.Locator(".hit").First;
        await AssertColoursAsync(hit, "0:10");
        Assert.True(await ShownAsync("img[alt='The picture that is searched for']"));
        await _app.ExpectVisibleAsync(hit.GetByRole(AriaRole.Img, new() { NameRegex = new("^Score .* highest at 0:1[0-4]$") }));
        await _app.CheckAsync("Results of a picture");

        await _app.Button("Show as curl, Python, C#").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByLabel("curl", new() { Exact = true }).GetByText("/v1.1/search/picture"));
        Assert.Contains("-F 'picture=@picture.jpg'", await _app.Page.GetByLabel("curl", new() { Exact = true }).InnerTextAsync());
        await _app.Page.Keyboard.PressAsync("Escape");

        await _app.Page.ReloadAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("no longer has the picture"));
        await _app.Link("Search for words").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByLabel("What to search for"));
        _app.AssertClean();
    }

    [Fact]
    public async Task More_like_this_works_from_a_hit_and_from_the_player()
    {
        await _app.GoToAsync($"/search?index={set.SoundIndex}&q=red&options=visual&threshold=none");
        await _app.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^More like this") }).First.ClickAsync();
        await AssertColoursAsync(_app.Page.Locator(".hit").First, "0:00");
        Assert.Contains($"like={set.Videos[GeneratedClips.Colours]}%40", _app.Page.Url, StringComparison.Ordinal);

        await _app.GoToAsync($"/indexes/{set.SoundIndex}/videos/{set.Videos[GeneratedClips.Colours]}?t=17");
        await _app.PauseAsync();
        await _app.Button("More like this").ClickAsync();
        await AssertColoursAsync(_app.Page.Locator(".hit").First, "0:15");
        // The player shows the hits of the picture search.
        await _app.Page.Locator(".hit h3 a").First.ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.Locator(".lane.hits i").First);
        _app.AssertClean();
    }

    private async Task AssertColoursAsync(ILocator hit, string start)
    {
        await Assertions.Expect(hit).ToContainTextAsync(GeneratedClips.Colours);
        await Assertions.Expect(hit).ToContainTextAsync(start);
    }

    private Task<bool> ShownAsync(string selector)
        => _app.Page.EvaluateAsync<bool>($"document.querySelector(\"{selector}\").naturalWidth > 0");
}
