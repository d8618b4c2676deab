using Microsoft.Playwright;
using VideoUnderstanding.EndToEndTests.Generated;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.App;

/// <summary>Uploads and video details of one account.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class AppWorkTests(GeneratedSet set, Chromium chromium) : IAsyncLifetime
{
    private const float WaitTimeout = 600_000;

    private readonly string _account = $"work {Guid.NewGuid():N}"[..20];
    private AppPage _app = null!;

    public async ValueTask InitializeAsync() => _app = await AppPage.SignInMemberAsync(chromium, set.Server, _account);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Ten_files_at_once_become_ready_and_their_details_are_edited()
    {
        await CreateIndexAsync("ten");
        var folder = Directory.CreateTempSubdirectory("ten-files-");
        try
        {
            var files = Enumerable.Range(1, 10).Select(number => $"clip {number}.webm").ToList();
            foreach (var file in files)
                File.Copy(set.PathOf(GeneratedClips.Vp8), Path.Combine(folder.FullName, file));
            await _app.Page.GetByLabel("Video files").SetInputFilesAsync(files.Select(file => Path.Combine(folder.FullName, file)));
            foreach (var file in files)
                await Assertions.Expect(_app.Link(file)).ToBeVisibleAsync(new() { Timeout = WaitTimeout });
            await _app.ExpectVisibleAsync(_app.Page.GetByText("10 videos,").First);
            await Assertions.Expect(_app.Page.Locator(".work li")).ToHaveCountAsync(0, new() { Timeout = WaitTimeout });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        await EditDetailsAsync("clip 3.webm");
        _app.AssertClean();
    }

    [Fact]
    public async Task A_failed_upload_by_address_can_be_retried_after_a_reload()
    {
        await using var external = await ExternalServer.StartAsync(set.PathOf(GeneratedClips.Vp8));
        await CreateIndexAsync("again");
        await _app.Button("By address").ClickAsync();
        await _app.Page.GetByLabel("Addresses").FillAsync(external.AddressOf("/later").AbsoluteUri);
        await _app.Button("Add").ClickAsync();
        await Assertions.Expect(_app.Page.Locator(".failure")).ToBeVisibleAsync(new() { Timeout = WaitTimeout });

        // The reload removes the state of the first upload from the page.
        await _app.Page.ReloadAsync();
        external.Allow();
        await _app.Button("Try again: later").ClickAsync();
        await Assertions.Expect(_app.Link("later")).ToBeVisibleAsync(new() { Timeout = WaitTimeout });
        await Assertions.Expect(_app.Page.Locator(".failure")).ToHaveCountAsync(0, new() { Timeout = WaitTimeout });
        _app.AssertClean();
    }

    private async Task CreateIndexAsync(string name)
    {
        await _app.GoToAsync("/");
        await _app.Button("New index").First.ClickAsync();
        await _app.Page.GetByLabel("Name").FillAsync(name);
        await _app.Button("Create").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Heading(name));
    }

    /// <summary>Adds a title and fields to a video, reloads the page, and changes one field.</summary>
    private async Task EditDetailsAsync(string file)
    {
        await _app.Link(file).ClickAsync();
        await _app.Button("Edit details").ClickAsync();
        await _app.Page.GetByLabel("Title", new() { Exact = true }).FillAsync("The third clip");
        await AddFieldAsync(1, "camera", "text", "north");
        await AddFieldAsync(2, "shift", "number", "3");
        await _app.CheckAsync("Details of a video");
        await _app.Button("Save").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Heading("The third clip"));
        await _app.ExpectVisibleAsync(_app.Page.GetByText("camera: north"));
        await _app.ExpectVisibleAsync(_app.Page.GetByText("shift: 3"));

        await _app.Page.ReloadAsync();
        await _app.ExpectVisibleAsync(_app.Heading("The third clip"));
        await _app.Button("Edit details").ClickAsync();
        await _app.Page.GetByLabel("Value of field 1").FillAsync("south");
        await _app.Button("Save").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("camera: south"));
        // The server refuses a field with the name of a technical fact and returns an error message.
        await _app.Button("Edit details").ClickAsync();
        await AddFieldAsync(3, "duration", "number", "1");
        await _app.Button("Save").ClickAsync();
        await _app.ExpectVisibleAsync(_app.Page.GetByText("technical fact"));
        await _app.Button("Cancel").ClickAsync();
        Assert.Contains("status of 400", Assert.Single(_app.Errors), StringComparison.Ordinal);
        _app.Errors.Clear();
    }

    private async Task AddFieldAsync(int number, string name, string kind, string value)
    {
        await _app.Button("Add a field").ClickAsync();
        await _app.Page.GetByLabel($"Name of field {number}").FillAsync(name);
        await _app.Page.GetByLabel($"Kind of field {number}").SelectOptionAsync(kind);
        await _app.Page.GetByLabel($"Value of field {number}").FillAsync(value);
    }
}
