using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Accounts;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Keys and webhooks of one account.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppKeyAndWebhookTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private readonly string _account = $"keys {Guid.NewGuid():N}"[..20];
    private AppPage _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppPage.SignInMemberAsync(chromium, set.Server, _account);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_test_of_a_webhook_reports_whether_it_arrives()
    {
        await using var external = await ExternalServer.StartAsync(set.PathOf(GeneratedClips.Vp8));
        await AddWebhookAsync(external.AddressOf("/hook"));
        await AddWebhookAsync(external.AddressOf("/nowhere"));
        var tests = _app.Page.GetByRole(AriaRole.Button, new() { Name = "Send a test" });
        await tests.First.ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("The test was delivered"));
        var notification = Assert.Single(external.Notifications);
        Assert.Equal("webhook.test", notification.Type);
        Assert.Matches(@"^t=\d+,v1=[0-9a-f]{64}$", notification.Signature);
        await tests.Last.ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("The test was not delivered. The endpoint answered with status 404."));
        await _app.CheckAsync("Tests of webhooks");
        await _app.Page.GetByRole(AriaRole.Button, new() { Name = "Log", Exact = true }).Last.ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByRole(AriaRole.Cell).Filter(new() { HasText = "404" }));
        _app.AssertClean();
    }

    [Fact]
    public async Task The_secret_of_a_webhook_is_replaced_and_later_notifications_are_signed_with_the_new_one()
    {
        await using var external = await ExternalServer.StartAsync(set.PathOf(GeneratedClips.Vp8));
        await AddWebhookAsync(external.AddressOf("/hook"));
        await _app.Button("Secret").ClickAsync();
        var secret = _app.Page.Locator(".secret");
        var first = await secret.InnerTextAsync();
        await _app.CheckAsync("The secret of a webhook");
        await _app.Button("Done").ClickAsync();
        await _app.Button("Send a test").ClickAsync();
        Assert.True((await external.ReceiveAsync(1)).IsSignedWith(first));

        await _app.Button("Secret").ClickAsync();
        await _app.Button("Replace").ClickAsync();
        await Assertions.Expect(secret).Not.ToHaveTextAsync(first);
        var second = await secret.InnerTextAsync();
        await _app.Button("Done").ClickAsync();
        await _app.Button("Send a test").ClickAsync();
        var notification = await external.ReceiveAsync(2);
        Assert.True(notification.IsSignedWith(second));
        Assert.False(notification.IsSignedWith(first));
        _app.AssertClean();
    }

    [Fact]
    public async Task A_disabled_webhook_offers_no_sending_and_after_enabling_it_the_log_shows_bodies_and_sends_them_again()
    {
        await using var external = await ExternalServer.StartAsync(set.PathOf(GeneratedClips.Vp8));
        await AddWebhookAsync(external.AddressOf("/hook"));
        await _app.Button("Send a test").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("The test was delivered"));
        var sent = await external.ReceiveAsync(1);

        await _app.Button("Disable").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Disabled", new() { Exact = true }));
        await Assertions.Expect(_app.Button("Send a test")).ToBeDisabledAsync();
        await _app.Button("Log").ClickAsync();
        await Assertions.Expect(_app.Button("Send again")).ToBeDisabledAsync();
        await _app.Button("Done").ClickAsync();
        await _app.Button("Enable").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Enabled", new() { Exact = true }));

        await _app.Button("Log").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByRole(AriaRole.Cell, new() { Name = "200", Exact = true }));
        await _app.Button("Body").ClickAsync();
        var shown = await _app.Page.GetByRole(AriaRole.Region, new() { Name = "Body of the notification" }).InnerTextAsync();
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(sent.Body), JsonNode.Parse(shown)), shown);
        await _app.CheckAsync("The log of a webhook with a body");
        await _app.Button("Send again").ClickAsync();
        Assert.Equal(sent.Body, (await external.ReceiveAsync(2)).Body);
        await _app.Button("Done").ClickAsync();
        await _app.Button("Remove").ClickAsync();
        await _app.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await _app.ExpectVisibleAsync(_app.Heading("No webhooks yet"));
        _app.AssertClean();
    }

    [Fact]
    public async Task A_notice_is_shown_for_a_key_that_expires_soon()
    {
        await _app.GoToAsync("/keys");
        await _app.Button("New key").ClickAsync();
        await _app.Page.GetByLabel("Name").FillAsync("old script");
        await _app.Button("Create").ClickAsync();
        await _app.Button("Done").ClickAsync();
        await Assertions.Expect(_app.Page.GetByText("The key “old script” ends on")).ToHaveCountAsync(0);

        await using (var scope = set.Server.Services.CreateAsyncScope())
        {
            var soon = TimeProvider.System.GetUtcNow().AddDays(5);
            var db = scope.ServiceProvider.GetRequiredService<VideoDbContext>();
            await db.ApiKeys.Where(key => key.Name == "old script")
                .ExecuteUpdateAsync(key => key.SetProperty(row => row.ExpiresAt, soon), TestContext.Current.CancellationToken);
        }
        await _app.Page.ReloadAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("The key “old script” ends on"));
        await _app.CheckAsync("A key that ends soon");

        await RegenerateAsync("old script");
        await Assertions.Expect(_app.Page.GetByText("The key “old script” ends on")).ToHaveCountAsync(0);
        _app.AssertClean();
    }

    [Fact]
    public async Task A_regenerated_key_is_shown_once_and_replaces_the_old_one_until_it_is_revoked()
    {
        await _app.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await _app.GoToAsync("/keys");
        await _app.Button("New key").ClickAsync();
        await _app.Page.GetByLabel("Name").FillAsync("editor");
        await _app.Button("Create").ClickAsync();
        var first = await _app.Page.Locator(".secret").InnerTextAsync();
        await _app.Button("Copy").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("Copied"));
        Assert.Equal(first, await _app.Page.EvaluateAsync<string>("navigator.clipboard.readText()"));
        await _app.Button("Done").ClickAsync();
        await _app.ExpectVisibleAsync(KeyRow(first).GetByText("Never"));
        Assert.Equal(HttpStatusCode.OK, await set.Server.UseKeyAsync(first));
        await _app.Page.ReloadAsync();
        await _app.ExpectVisibleAsync(KeyRow(first));
        await Assertions.Expect(KeyRow(first).GetByText("Never")).ToHaveCountAsync(0);

        var second = await RegenerateAsync("editor");
        Assert.NotEqual(first, second);
        Assert.Equal(HttpStatusCode.OK, await set.Server.UseKeyAsync(second));
        Assert.Equal(HttpStatusCode.Unauthorized, await set.Server.UseKeyAsync(first));
        await _app.Page.ReloadAsync();
        await _app.ExpectVisibleAsync(KeyRow(first).GetByText("Revoked"));
        await _app.ExpectVisibleAsync(KeyRow(second).GetByText(await ShownEndAsync(second)));
        Assert.DoesNotContain(second, await _app.Page.ContentAsync(), StringComparison.Ordinal);

        await _app.Button("Revoke editor").ClickAsync();
        await _app.Button("Revoke").ClickAsync();
        await _app.ExpectVisibleAsync(KeyRow(second).GetByText("Revoked"));
        Assert.Equal(HttpStatusCode.Unauthorized, await set.Server.UseKeyAsync(second));
        _app.AssertClean();
    }

    private async Task AddWebhookAsync(Uri address)
    {
        await _app.GoToAsync("/webhooks");
        await _app.Button("New webhook").ClickAsync();
        await _app.Page.GetByLabel("Address").FillAsync(address.AbsoluteUri);
        await _app.Button("Add").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Heading(address.AbsoluteUri));
    }

    /// <summary>Returns the new secret.</summary>
    private async Task<string> RegenerateAsync(string name)
    {
        await _app.Button($"Regenerate {name}").ClickAsync();
        await _app.Button("Regenerate").ClickAsync();
        var secret = await _app.Page.Locator(".secret").InnerTextAsync();
        await _app.Button("Done").ClickAsync();
        return secret;
    }

    private ILocator KeyRow(string secret)
        => _app.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"{secret[..ApiKeySecret.PrefixLength]}…" });

    /// <summary>The day on which a key ends, as the browser writes it.</summary>
    private async Task<string> ShownEndAsync(string secret)
    {
        await using var scope = set.Server.Services.CreateAsyncScope();
        var end = await scope.ServiceProvider.GetRequiredService<VideoDbContext>().ApiKeys
            .Where(key => key.Prefix == secret.Substring(0, ApiKeySecret.PrefixLength)).Select(key => key.ExpiresAt)
            .SingleAsync(TestContext.Current.CancellationToken);
        return await _app.Page.EvaluateAsync<string>(
            "text => new Date(text).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' })", $"{end:O}");
    }
}
