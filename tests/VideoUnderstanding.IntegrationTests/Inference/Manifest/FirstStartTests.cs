using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Server.Cli;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

/// <summary>Selection of the model profile at the first start of the server, with a local model hub.</summary>
public sealed class FirstStartTests : IAsyncLifetime
{
    private const string Repository = "owner/model-ONNX/resolve/ba1f3b0843f24bc5417d38e19c37b287d719b2f4";
    private static readonly StoredVectorModels Empty = new(null, null);
    private readonly string _folder = Directory.CreateTempSubdirectory("first-").FullName;
    private readonly byte[] _weights = [.. Enumerable.Range(0, 5000).Select(i => (byte)i)];
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private HubServer _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubServer.StartAsync();
        _hub.Files[$"{Repository}/a.onnx"] = _weights;
        Directory.CreateDirectory(Path.Combine(_folder, "small"));
        await File.WriteAllBytesAsync(Path.Combine(_folder, "small", "a.onnx"), _weights);
    }

    [Fact]
    public async Task The_first_start_downloads_the_better_profile_and_uses_it()
    {
        Assert.Equal("better", await StartAsync(Empty));

        Assert.Equal(_weights, await File.ReadAllBytesAsync(Path.Combine(_folder, "better", "a.onnx")));
        var requests = _hub.Requests.Count;
        Assert.Equal("better", await StartAsync(Empty));
        Assert.Equal(requests, _hub.Requests.Count);
    }

    [Fact]
    public async Task The_present_profile_is_used_if_the_hub_does_not_have_the_file()
    {
        _hub.Files.Clear();

        Assert.Equal("small", await StartAsync(Empty));
        Assert.NotEmpty(_hub.Requests);
    }

    [Fact]
    public async Task A_download_is_resumed_after_a_broken_connection()
    {
        _hub.BreakAfter = 3000;

        Assert.Equal("better", await StartAsync(Empty));

        Assert.Matches(" bytes=[1-9][0-9]*-$", _hub.Requests.Last());
    }

    [Theory]
    [InlineData(false, ModelFetch.Auto, ModelOptions.AutoProfile, null, "small")]
    [InlineData(true, ModelFetch.Never, ModelOptions.AutoProfile, null, "small")]
    [InlineData(true, ModelFetch.Auto, "small", null, "small")]
    [InlineData(true, ModelFetch.Auto, ModelOptions.AutoProfile, "small", "small")]
    [InlineData(true, ModelFetch.Auto, ModelOptions.AutoProfile, "better", "better")]
    public async Task Nothing_is_downloaded_if_forbidden_or_if_the_profile_is_configured_or_vectors_are_stored(
        bool mayDownload, ModelFetch fetch, string profile, string? storedModel, string expected)
    {
        Assert.Equal(expected, await StartAsync(new StoredVectorModels(storedModel, null), mayDownload, fetch, profile));

        Assert.Empty(_hub.Requests);
    }

    /// <returns>The name of the profile in use.</returns>
    private async Task<string> StartAsync(
        StoredVectorModels stored, bool mayDownload = true, ModelFetch fetch = ModelFetch.Auto, string profile = ModelOptions.AutoProfile)
    {
        var manifest = new ModelManifest("manifest.json",
            new[] { Profile("small", 1), Profile("better", 2) }.ToDictionary(one => one.Name));
        var options = new ModelOptions { Profile = profile, Fetch = fetch };
        var folders = new ModelFolders(_folder, _folder, _ => null);
        var selection = new ProfileSelection(options, manifest, folders, _ => false);
        var store = new ModelStore(manifest, folders, _services.GetRequiredService<IHttpClientFactory>(), TimeProvider.System);
        await new FirstStart(selection, store, Options.Create(options), NullLogger<FirstStart>.Instance)
            .ChooseProfileAsync(stored, mayDownload, default);
        return selection.Current.Profile.Name;
    }

    private ManifestProfile Profile(string name, int rank)
    {
        var file = new ManifestFile("a.onnx", new Uri($"{_hub.Address}/{Repository}/a.onnx"), HubServer.Hash(_weights), _weights.Length,
            "MIT", false);
        var model = new ManifestModel(name, null, 4, null, [file], JsonElement.Parse("{}"), null, null);
        return new ManifestProfile(name, null, new Dictionary<ModelRole, ManifestModel> { [ModelRole.VisualText] = model }) { Rank = rank };
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
