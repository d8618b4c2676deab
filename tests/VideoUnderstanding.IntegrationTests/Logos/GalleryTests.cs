using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Inference;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Search.Logos;

namespace VideoUnderstanding.IntegrationTests.Logos;

/// <summary>A server with small limits for the gallery.</summary>
public sealed class GalleryServer(DatabaseTemplate template) : IAsyncLifetime
{
    public TestServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
        => Server = await TestServer.StartAsync(template, new Dictionary<string, string?>
        {
            ["VideoUnderstanding:LogoGallery:MaxPictures"] = "4",
            ["VideoUnderstanding:LogoGallery:MaxPictureBytes"] = "20000",
            ["VideoUnderstanding:LogoGallery:MaxPicturePixels"] = "250000",
        }, fakes: services => services.AddSingleton<IQueryVectors, ColourVectors>());

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}

/// <summary>The administration API of the logo gallery.</summary>
public sealed class GalleryTests(GalleryServer fixture) : IClassFixture<GalleryServer>, IAsyncLifetime
{
    private readonly TestServer _server = fixture.Server;
    private readonly HttpClient _client = fixture.Server.CreateClient();

    public async ValueTask InitializeAsync() => await _client.RemoveLogosAsync();

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_picture_is_added_listed_read_and_removed()
    {
        var picture = await LogoBench.PictureAsync("red");
        var created = await _client.PostAsync("/admin/logos", LogoBench.Form("  Acme Shipping ", picture))
            .JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["_id"], created.Names());
        var path = $"/admin/logos/{created.Id()}";

        var read = await _client.GetAsync(path).JsonAsync();
        Assert.Equal(["_id", "name", "media_type", "created_at"], read.Names());
        Assert.Equal(("Acme Shipping", "image/png"), (read.GetProperty("name").GetString(), read.GetProperty("media_type").GetString()));
        Assert.Equal(read.GetRawText(),
            Assert.Single((await _client.GetAsync("/admin/logos/?name=Acme Shipping").JsonAsync()).Data()).GetRawText());
        using (var file = await _client.GetAsync($"{path}/picture"))
        {
            Assert.Equal(("image/png", "nosniff"),
                (file.Content.Headers.ContentType!.MediaType, Assert.Single(file.Headers.GetValues("X-Content-Type-Options"))));
            Assert.Equal(picture, await file.Content.ReadAsByteArrayAsync());
        }

        await _client.DeleteAsync(path).EmptyAsync(HttpStatusCode.NoContent);
        foreach (var removed in new[] { path, $"{path}/picture" })
            await _client.GetAsync(removed).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.DeleteAsync(path).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync("/admin/logos/abc").ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Files.Root, "incoming")));
    }

    [Theory]
    [InlineData("png", "image/png")]
    [InlineData("mjpeg", "image/jpeg")]
    [InlineData("bmp", "image/bmp")]
    [InlineData("libwebp", "image/webp")]
    public async Task Common_picture_formats_are_read(string codec, string mediaType)
    {
        var id = (await _client.PostAsync("/admin/logos", LogoBench.Form("Acme", await LogoBench.PictureAsync("green", codec)))
            .JsonAsync(HttpStatusCode.Created)).Id();
        Assert.Equal(mediaType, (await _client.GetAsync($"/admin/logos/{id}").JsonAsync()).GetProperty("media_type").GetString());
        await using var db = _server.Database.Open();
        Assert.Equal(1, (double)db.LogoVectors.Single(vector => vector.LogoId == id).Embedding.ToArray()[1], 2);
    }

    [Fact]
    public async Task All_pictures_of_a_brand_have_the_spelling_of_the_first_one()
    {
        await _client.AddLogoAsync("Acme", "red");
        await _client.AddLogoAsync("ACME", "blue");
        Assert.Equal(["Acme", "Acme"],
            (await _client.GetAsync("/admin/logos").JsonAsync()).Data().Select(logo => logo.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Invalid_pictures_and_names_are_refused()
    {
        var good = await LogoBench.PictureAsync("red");
        (string? Name, byte[]? Picture, string Code, string Words)[] wrong =
        [
            (null, good, "parameter_not_provided", "name"),
            ("Acme", null, "parameter_not_provided", "file"),
            ("Acme", [], "parameter_not_provided", "file"),
            (" ", good, "parameter_invalid", "name"),
            ("!", good, "parameter_invalid", "letter"),
            (new string('a', 101), good, "parameter_invalid", "100"),
            ("a\u0007b", good, "parameter_invalid", "name"),
            ("Acme", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'/>"), "parameter_invalid", "PNG, JPEG, WebP or BMP"),
            ("Acme", Encoding.UTF8.GetBytes("#EXTM3U\nhttp://127.0.0.1/x.ts"), "parameter_invalid", "PNG"),
            ("Acme", good[..40], "parameter_invalid", "decoded"),
            ("Acme", [.. good[..20], .. new byte[200]], "parameter_invalid", "decoded"),
            ("Acme", await LogoBench.PictureAsync("red", "png", "600x600"), "parameter_invalid", "250000 pixels"),
            ("Acme", new byte[20_001], "parameter_invalid", "20000 bytes"),
        ];
        foreach (var (name, picture, code, words) in wrong)
            Assert.Contains(words,
                await _client.PostAsync("/admin/logos", LogoBench.Form(name, picture)).ErrorAsync(HttpStatusCode.BadRequest, code),
                StringComparison.Ordinal);
        using var unknown = LogoBench.Form("Acme", good);
        unknown.Add(new StringContent("1"), "colour");
        await _client.PostAsync("/admin/logos", unknown).ErrorAsync(HttpStatusCode.BadRequest, "parameter_unknown");
        using var twice = LogoBench.Form("Acme", good);
        twice.Add(new StringContent("Acme"), "name");
        await _client.PostAsync("/admin/logos", twice).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        await _client.PostAsync("/admin/logos", new StringContent("{}")).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        Assert.Empty((await _client.GetAsync("/admin/logos").JsonAsync()).Data());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_server.Files.Root, "incoming")));
    }

    [Fact]
    public async Task The_number_of_pictures_in_a_gallery_is_limited()
    {
        for (var number = 0; number < 4; number++)
            await _client.AddLogoAsync("Acme", "red");
        await _client.PostAsync("/admin/logos", LogoBench.Form("Acme", await LogoBench.PictureAsync("red")))
            .ErrorAsync(HttpStatusCode.BadRequest, "usage_limit_exceeded");
    }

    [Fact]
    public async Task Concurrent_uploads_do_not_exceed_the_limit_of_the_gallery()
    {
        var picture = await LogoBench.PictureAsync("red");
        Task<HttpResponseMessage>[] added;
        await using (var db = _server.Database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            // The lock lets all requests count the rows and blocks all inserts, until all requests wait.
            await db.Database.ExecuteSqlAsync($"LOCK TABLE logos IN SHARE MODE");
            added = [.. Enumerable.Range(0, 6).Select(_ => _client.PostAsync("/admin/logos", LogoBench.Form("Acme", picture)))];
            await _server.Database.UntilWaitingAsync(6);
            await transaction.CommitAsync();
        }
        var statuses = (await Task.WhenAll(added)).Select(answer => answer.StatusCode).ToList();
        Assert.Equal((4, 2),
            (statuses.Count(status => status == HttpStatusCode.Created), statuses.Count(status => status == HttpStatusCode.BadRequest)));
    }

    [Fact]
    public async Task The_gallery_needs_authentication_and_is_separate_for_each_account()
    {
        var foreign = new Logo
        {
            Id = ObjectIds.New(_server.Clock), AccountId = await _server.AddAccountAsync(), Name = "Theirs", Picture = [1],
            MediaType = "image/png",
            CreatedAt = _server.Clock.GetUtcNow(), Vectors = [new LogoVector { Model = "", Embedding = ColourVectors.Picture("red", 1) }],
        };
        await _server.SaveAsync(foreign);
        Assert.Empty((await _client.GetAsync("/admin/logos").JsonAsync()).Data());
        await _client.GetAsync($"/admin/logos/{foreign.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.GetAsync($"/admin/logos/{foreign.Id}/picture").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await _client.DeleteAsync($"/admin/logos/{foreign.Id}").ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        using var anonymous = _server.CreateClient(withKey: false);
        foreach (var path in new[] { "/admin/logos", $"/admin/logos/{foreign.Id}/picture" })
            await anonymous.GetAsync(path).ErrorAsync(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task Without_a_visual_model_nothing_can_be_added()
    {
        await using var server = await TestServer.StartAsync(_server.Template, new Dictionary<string, string?>(), ModelRole.VisualText);
        using var client = server.CreateClient();
        await client.PostAsync("/admin/logos", LogoBench.Form("Acme", await LogoBench.PictureAsync("red")))
            .ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable");
    }
}
