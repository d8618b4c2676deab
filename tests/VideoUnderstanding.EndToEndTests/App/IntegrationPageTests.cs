using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.IntegrationTests.Transfers;
using VideoUnderstanding.Operations.Users;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>A bucket of a real S3-compatible store is connected and searched in a browser window as wide as a phone.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class IntegrationPageTests(GeneratedSet set, Chromium chromium, ObjectHost host) : IClassFixture<ObjectHost>
{
    private const int Phone = 390;

    /// <summary>Timeout in milliseconds for the list of files and for indexing.</summary>
    private const float WaitTimeout = 300_000;

    [Fact]
    public async Task A_bucket_is_connected_corrected_transferred_and_searched()
    {
        await host.PutAsync(GeneratedClips.Colours, set.PathOf(GeneratedClips.Colours));
        await using var app = await AppPage.OpenAsync(chromium, set.Server.Address, Phone, isTouch: true);
        await app.SignInAsync(await CreateUserAsync());
        await CreateIndexAsync(app);
        await app.GoToAsync("/integrations");
        await app.ExpectVisibleAsync(app.Heading("No integrations yet"));

        await ConnectAsync(app, "WRONG");
        await app.ExpectVisibleAsync(app.Page.GetByText("InvalidAccessKeyId"));
        await app.CheckAsync("A failed integration");
        await app.Button("Edit").ClickAsync();
        await FillKeysAsync(app, ObjectHost.Key);
        await app.CheckAsync("Edit an integration");
        await app.Button("Save").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText("Active", new() { Exact = true }));

        await app.Button("Synchronise").ClickAsync();
        await Assertions.Expect(Figure(app, "1 new")).ToBeVisibleAsync(new() { Timeout = WaitTimeout });
        await app.CheckAsync("An integration");
        await app.SaveScreenshotAsync("integration-phone");
        await TransferAsync(app);
        await Assertions.Expect(Figure(app, "1 indexed")).ToBeVisibleAsync(new() { Timeout = WaitTimeout });
        await app.Button("Files").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText($"s3://raw/{GeneratedClips.Colours}"));
        await app.CheckAsync("Files of an integration");
        await app.Button("Done").ClickAsync();

        await SearchAsync(app);
        await RemoveAsync(app);
        app.AssertClean();
    }

    private async Task ConnectAsync(AppPage app, string key)
    {
        await app.Button("Connect a bucket").ClickAsync();
        await app.Page.GetByLabel("Name").FillAsync("harbour");
        await app.Page.GetByLabel("Bucket", new() { Exact = true }).FillAsync(ObjectHost.Bucket);
        await app.Page.GetByLabel("Endpoint").FillAsync(host.Address);
        await app.Page.GetByLabel("The bucket is part of the path").CheckAsync();
        await FillKeysAsync(app, key);
        await app.CheckAsync("Connect a bucket");
        await app.Button("Connect").ClickAsync();
        await app.ExpectVisibleAsync(app.Heading("harbour"));
    }

    private static async Task FillKeysAsync(AppPage app, string key)
    {
        await app.Page.GetByLabel("Access key").FillAsync(key);
        await app.Page.GetByLabel("Secret key").FillAsync(ObjectHost.Key);
    }

    private static async Task TransferAsync(AppPage app)
    {
        await app.Button("Transfer").ClickAsync();
        var download = await app.Page.RunAndWaitForDownloadAsync(() => app.Button("Download the JSON").ClickAsync());
        Assert.Contains($"s3://raw/{GeneratedClips.Colours}",
            await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await app.CheckAsync("Transfer new files");
        await app.Button("Start").ClickAsync();
        await app.ExpectVisibleAsync(app.Page.GetByText("1 file is being indexed."));
        await app.Button("Done").ClickAsync();
    }

    private static async Task SearchAsync(AppPage app)
    {
        await app.GoToAsync("/");
        await app.Link("Search in harbour films").ClickAsync();
        await app.Page.GetByRole(AriaRole.Searchbox, new() { Name = "What to search for" }).FillAsync("Navy");
        await app.Page.Keyboard.PressAsync("Enter");
        await app.ExpectVisibleAsync(app.Page.Locator(".hit").First);
    }

    private static async Task RemoveAsync(AppPage app)
    {
        await app.GoToAsync("/integrations");
        await app.Button("Remove").ClickAsync();
        await app.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await app.ExpectVisibleAsync(app.Heading("No integrations yet"));
    }

    private static async Task CreateIndexAsync(AppPage app)
    {
        await app.Button("New index").First.ClickAsync();
        await app.Page.GetByLabel("Name").FillAsync("harbour films");
        await app.Button("Create").ClickAsync();
        await app.ExpectVisibleAsync(app.Heading("harbour films"));
    }

    private static ILocator Figure(AppPage app, string text) => app.Page.Locator(".figures span").Filter(new() { HasText = text });

    private async Task<string> CreateUserAsync()
    {
        await using var scope = set.Server.Services.CreateAsyncScope();
        var user = await scope.ServiceProvider.GetRequiredService<UserStore>().CreateAsync($"u{Guid.NewGuid():N}"[..10],
            $"films {Guid.NewGuid():N}"[..20], UserRole.Member, AppPage.Password, TestContext.Current.CancellationToken);
        return user!.Name;
    }
}
