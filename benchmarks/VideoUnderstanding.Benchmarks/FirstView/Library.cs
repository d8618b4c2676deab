using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using VideoUnderstanding.Benchmarks.Load;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.Benchmarks.FirstView;

/// <summary>An index with videos that the first administrator sees.</summary>
internal sealed class Library
{
    private const string Account = "default", User = "first", Password = "correct horse battery";

    private readonly LoadServer _server;

    private Library(LoadServer server, string index) => (_server, Index) = (server, index);

    public string Index { get; }

    public static async Task<Library> PrepareAsync(LoadServer server, int videos)
    {
        var key = await LoadKey.PrepareAsync(server, Account);
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Add("x-api-key", key.Secret);
        var clip = await File.ReadAllBytesAsync(server.Clip);
        for (var number = 2; number <= videos; number++)
        {
            using var form = new MultipartFormDataContent
            {
                { new StringContent(key.Index), "index_id" }, { new StringContent("en"), "language" },
                { new ByteArrayContent(clip), "video_file", $"clip {number}.avi" },
            };
            using var response = await http.PostAsync("/v1.1/tasks", form);
            response.EnsureSuccessStatusCode();
        }
        while ((int?)(await http.GetFromJsonAsync<JsonNode>($"/v1.1/indexes/{key.Index}"))!["video_count"] < videos)
            await Task.Delay(500);
        await CreateUserAsync(server);
        return new Library(server, key.Index);
    }

    /// <returns>The cookies of the new session, in the form that Playwright reads.</returns>
    public async Task<string> SignInAsync(Chromium chromium)
    {
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { BaseURL = _server.Address.AbsoluteUri });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("User name").FillAsync(User);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.Locator(".indexes li").WaitForAsync();
        return await context.StorageStateAsync();
    }

    private static async Task CreateUserAsync(LoadServer server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var session = (await http.GetFromJsonAsync<JsonNode>("/app/session"))!;
        http.DefaultRequestHeaders.Add((string)session["token_header"]!, (string)session["token"]!);
        using var response = await http.PostAsJsonAsync("/app/setup",
            new { token = server.SetupLink.Trim().Split('#')[1], name = User, password = Password });
        response.EnsureSuccessStatusCode();
    }
}
