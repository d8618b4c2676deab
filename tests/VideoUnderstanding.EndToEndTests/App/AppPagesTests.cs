using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Every page of the web app on a server with indexed videos.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppPagesTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private const int Phone = 390;
    private const int Desktop = 1280;

    private string _administrator = "";

    private string Watch => $"/indexes/{set.SoundIndex}/videos/{set.Videos[GeneratedClips.Colours]}";

    private string Search => $"/search?index={set.SoundIndex}&q=an+old+map&options=visual,conversation,text_in_video&threshold=none";

    public async ValueTask InitializeAsync() => _administrator = await CreateUserAsync("default", UserRole.Administrator);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(Desktop)]
    [InlineData(Phone)]
    public async Task Every_page_is_accessible_fits_the_window_and_contacts_only_this_server(int width)
    {
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address, width, isTouch: width == Phone);
        var kind = width == Phone ? "phone" : "desktop";
        async Task LookAsync(string name, string path, ILocator sign)
        {
            await app.GoToAsync(path);
            await app.ExpectVisibleAsync(sign.First);
            await app.CheckInBothSchemesAsync($"{name}-{kind}");
        }

        await LookAsync("sign-in", "/sign-in", app.Button("Sign in"));
        await app.SignInAsync(_administrator);
        await LookAsync("library", "/", app.Heading("with sound"));
        await LookAsync("index", $"/indexes/{set.SoundIndex}", app.Heading(GeneratedClips.Colours));
        await LookAsync("watch", $"{Watch}?{Search.Split('?')[1]}&t=12", app.Page.GetByRole(AriaRole.Slider));
        // The clip has four colours of five seconds each. Shot detection may miss a change between colours of similar brightness.
        var shots = await app.Page.EvaluateAsync<double[]>(
            "[...document.querySelectorAll('.lane.shots i')].map(mark => parseFloat(mark.style.left))");
        Assert.NotEmpty(shots);
        Assert.All(shots, share => Assert.InRange(Math.Abs(share - 25 * Math.Round(share / 25)), 0, 5));
        await app.Button("Edit details").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByRole(AriaRole.Dialog));
        await app.CheckInBothSchemesAsync($"details-{kind}");
        await LookAsync("search", Search, app.Page.Locator(".hit"));
        await LookAsync("search-grouped", $"{Search}&group=video", app.Heading(GeneratedClips.Colours));
        await LookAsync("search-picture", $"/search?index={set.SoundIndex}&like={set.Videos[GeneratedClips.Colours]}@12.00&threshold=none",
            app.Page.Locator(".hit .curve svg"));
        await LookAsync("combined", $"/combined?{Search.Split('?')[1]}", app.Page.GetByLabel("Text of 1"));
        await LookAsync("labels", $"/classify?index={set.SoundIndex}&labels=red%0Alights:+red;+green&threshold=medium",
            app.Page.Locator(".labelled"));
        await LookAsync("keys", "/keys", app.Heading("Keys"));
        await LookAsync("webhooks", "/webhooks", app.Heading("No webhooks yet"));
        await LookAsync("integrations", "/integrations", app.Heading("No integrations yet"));
        await LookAsync("users", "/users", app.Heading("Users"));
        await LookAsync("server", "/server", app.Heading("The last 24 hours"));
        await LookAsync("account", "/account", app.Heading("Change the password"));
        await LookAsync("unknown-index", "/indexes/640080b29a4b2f0c1d3e5a02", app.Heading("This index cannot be shown"));
        app.AssertClean("status of 404");
    }

    [Fact]
    public async Task Keys_are_created_shown_once_used_and_revoked()
    {
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address);
        await app.SignInAsync(_administrator);
        await app.GoToAsync("/keys");
        await app.Button("New key").ClickAsync();
        await app.Page.GetByLabel("Name").FillAsync("laptop");
        await app.Button("Create").ClickAsync();
        var secret = await app.Page.Locator(".secret").InnerTextAsync();
        await app.CheckAsync("A new key");
        await app.Button("Done").ClickAsync();
        Assert.Equal(HttpStatusCode.OK, await set.Server.UseKeyAsync(secret));
        Assert.DoesNotContain(secret, await app.Page.ContentAsync(), StringComparison.Ordinal);

        await app.Button("Revoke laptop").ClickAsync();
        await app.Button("Revoke").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "laptop" }).GetByText("Revoked"));
        Assert.Equal(HttpStatusCode.Unauthorized, await set.Server.UseKeyAsync(secret));
        app.AssertClean();
    }

    [Fact]
    public async Task A_webhook_receives_a_notification_that_its_log_can_resend()
    {
        await using var external = await ExternalServer.StartAsync(set.PathOf(GeneratedClips.Vp8));
        var account = $"hooks {Guid.NewGuid():N}"[..20];
        var member = await CreateUserAsync(account, UserRole.Member);
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address);
        await app.SignInAsync(member);
        await app.GoToAsync("/webhooks");
        await app.Button("New webhook").ClickAsync();
        await app.Page.GetByLabel("Address").FillAsync(external.AddressOf("/hook").AbsoluteUri);
        await app.Button("Add").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText("Enabled"));

        await app.GoToAsync("/");
        await app.Button("New index").First.ClickAsync();
        await app.Page.GetByLabel("Name").FillAsync("hooked");
        await app.Button("Create").ClickAsync();
        external.Allow();
        await app.Button("By address").ClickAsync();
        await app.Page.GetByLabel("Addresses").FillAsync($"{external.AddressOf("/slow")} {external.AddressOf("/nothing.mp4")}");
        await app.Button("Add").ClickAsync();
        await Assertions.Expect(app.Link("slow")).ToBeVisibleAsync(new() { Timeout = 240_000 });
        await Assertions.Expect(app.Page.Locator(".failure")).ToBeVisibleAsync(new() { Timeout = 240_000 });
        await app.CheckAsync("A failed video");

        await app.GoToAsync("/webhooks");
        await app.Button("Log").ClickAsync();
        await RefreshUntilDeliveredAsync(app, 2);
        await app.CheckAsync("The log of a webhook");
        await app.Button("Send again").First.ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText("being sent again"));
        await RefreshUntilDeliveredAsync(app, 3);
        app.AssertClean();
    }

    [Fact]
    public async Task Accounts_are_isolated_and_members_see_no_administration()
    {
        var member = await CreateUserAsync($"studio {Guid.NewGuid():N}"[..20], UserRole.Member);
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address);
        await app.SignInAsync(member);
        await app.ExpectVisibleAsync(app.Heading("Create your first index"));
        await Assertions.Expect(app.Link("Users")).ToHaveCountAsync(0);
        foreach (var path in new[] { "/users", "/server" })
        {
            await app.GoToAsync(path);
            await app.ExpectVisibleAsync(app.Heading("There is no such page"));
        }
        await app.GoToAsync(Watch);
        await app.ExpectVisibleAsync(app.Heading("This video cannot be shown"));

        await app.Button("Sign out").ClickAsync();
        await app.ExpectVisibleAsync(app.Button("Sign in"));
        await app.SignInAsync(_administrator);
        await app.ExpectVisibleAsync(app.Heading("with sound"));
        app.AssertClean("status of 404");
    }

    [Fact]
    public async Task Signing_in_searching_and_seeking_work_with_the_keyboard_alone()
    {
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address);
        var keyboard = app.Page.Keyboard;
        await app.GoToAsync("/sign-in");
        await TabToAsync(app, "input[autocomplete=username]");
        await keyboard.TypeAsync(_administrator);
        await keyboard.PressAsync("Tab");
        await keyboard.TypeAsync(AppPage.Password);
        await keyboard.PressAsync("Enter");
        await app.ExpectVisibleAsync(app.Heading("with sound"));

        await TabToAsync(app, $"a[href='/search?index={set.SoundIndex}']");
        await keyboard.PressAsync("Enter");
        await TabToAsync(app, "input[type=search]");
        await keyboard.TypeAsync("an old map");
        await keyboard.PressAsync("Enter");
        await app.ExpectVisibleAsync(app.Page.Locator(".hit a").First);
        await TabToAsync(app, ".hit a");
        await keyboard.PressAsync("Enter");
        await SeekByKeysAsync(app);
        await TabToAsync(app, "[role=tab][aria-selected=true]");
        await keyboard.PressAsync("ArrowRight");
        await app.ExpectVisibleAsync(app.Page.GetByText("HARBOUR STATION"));

        await app.GoToAsync("/");
        var opener = app.Button("New index");
        await opener.FocusAsync();
        await keyboard.PressAsync("Enter");
        await app.ExpectVisibleAsync(app.Page.GetByRole(AriaRole.Dialog));
        await keyboard.PressAsync("Escape");
        await Assertions.Expect(app.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(opener).ToBeFocusedAsync();
        app.AssertClean();
    }

    /// <summary>Presses "Refresh" until the log shows this number of deliveries. The page reads the log when it is opened; the server sends
    /// and records a notification some seconds after the event.</summary>
    private static async Task RefreshUntilDeliveredAsync(AppPage app, int deliveries)
    {
        var delivered = app.Page.GetByRole(AriaRole.Cell, new() { Name = "200", Exact = true });
        for (var waited = Stopwatch.StartNew(); await delivered.CountAsync() < deliveries;
            await Task.Delay(500, TestContext.Current.CancellationToken))
        {
            Assert.True(waited.ElapsedMilliseconds < Chromium.TimeoutMilliseconds, $"The log does not show {deliveries} deliveries.");
            await app.Button("Refresh").ClickAsync();
        }
        await Assertions.Expect(delivered).ToHaveCountAsync(deliveries);
    }

    private static async Task SeekByKeysAsync(AppPage app)
    {
        var keyboard = app.Page.Keyboard;
        await app.PauseAsync();
        await TabToAsync(app, "[role=slider]");
        await keyboard.PressAsync("Home");
        await app.WaitForPositionAsync(0, 1);
        await keyboard.PressAsync("ArrowRight");
        await app.WaitForPositionAsync(5, 6);
        // Keys that are pressed without a pause must all take effect.
        foreach (var key in new[] { "Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft" })
            await keyboard.PressAsync(key);
        await app.WaitForPositionAsync(10, 11);
    }

    /// <summary>Presses the Tab key until an element that matches the selector has the focus. The element must exist first, because a page
    /// that is still loading has a different tab order.</summary>
    private static async Task TabToAsync(AppPage app, string selector)
    {
        await app.ExpectVisibleAsync(app.Page.Locator(selector).First);
        for (var presses = 0; presses < 200; presses++)
        {
            await app.Page.Keyboard.PressAsync("Tab");
            if (await app.Page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
                return;
        }
        Assert.Fail($"The tabulator does not reach {selector}.");
    }

    private Task<string> CreateUserAsync(string account, UserRole role) => AppPage.CreateUserAsync(set.Server, account, role);
}
