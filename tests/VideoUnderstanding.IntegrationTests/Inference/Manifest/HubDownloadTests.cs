using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

/// <summary>Downloads from a server with the paths and redirects of the model hub in the manifest.</summary>
public sealed class HubDownloadTests : IAsyncLifetime
{
    private const string Repository = "owner/model-ONNX/resolve/ba1f3b0843f24bc5417d38e19c37b287d719b2f4";
    private readonly string _folder = Directory.CreateTempSubdirectory("hub-").FullName;
    private readonly byte[] _weights = [.. Enumerable.Range(0, 400_000).Select(i => (byte)(i * 11 + i / 199))];
    private readonly byte[] _config = "{\"size\":224}"u8.ToArray();
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private readonly DownloadLimits _quick = new(TimeSpan.FromSeconds(60), 3, TimeSpan.FromMilliseconds(1));
    private HubServer _hub = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await HubServer.StartAsync();
        _hub.Files[$"{Repository}/onnx/weights.onnx"] = _weights;
        _hub.Files[$"{Repository}/config.json"] = _config;
    }

    [Fact]
    public async Task Files_are_downloaded_through_the_redirects_of_the_hub()
    {
        var states = await Store().FetchAsync("p", _quick, null, default);

        Assert.All(states, state => Assert.Equal(ModelFileCondition.Added, state.Condition));
        Assert.Equal(_weights, await File.ReadAllBytesAsync(Installed("onnx/weights.onnx")));
        Assert.Equal(_config, await File.ReadAllBytesAsync(Installed("config.json")));
        Assert.Contains($"content /xet/{HubServer.Hash(_weights)}", _hub.Requests);
        Assert.Contains($"hub /api/resolve-cache/{Repository}/config.json", _hub.Requests);
    }

    [Fact]
    public async Task Downloads_with_repeatedly_broken_connections_are_resumed()
    {
        _hub.BreakAfter = 150_000;

        await Store().FetchAsync("p", _quick, null, default);

        Assert.Equal(_weights, await File.ReadAllBytesAsync(Installed("onnx/weights.onnx")));
        var content = _hub.Requests.Where(request => request.StartsWith("content", StringComparison.Ordinal)).ToList();
        Assert.True(content.Count >= 3, string.Join('\n', content));
        Assert.All(content.Skip(1), request => Assert.Matches(" bytes=[1-9][0-9]*-$", request));
        Assert.Equal(["config.json", "weights.onnx"],
            Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_response_of_another_size_is_refused_before_it_is_stored()
    {
        _hub.Replacement = "<html>Please log in</html>"u8.ToArray();

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store().FetchAsync("p", _quick, null, default));

        Assert.Contains("sends another file than the manifest describes: 26 bytes or more instead of 400000.", error.Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "weights*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_response_of_the_right_size_with_the_wrong_hash_is_deleted()
    {
        _hub.Replacement = [1, .. _weights.Skip(1)];

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store().FetchAsync("p", _quick, null, default));

        Assert.Contains($"expected {HubServer.Hash(_weights)} and 400000 bytes", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "weights*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_hub_that_never_answers_times_out()
    {
        _hub.IsSilent = true;
        var clock = new FakeTimeProvider();

        var fetch = Store(clock: clock).FetchAsync("p", DownloadLimits.Startup, null, default);
        while (_hub.Requests.IsEmpty && !fetch.IsCompleted)
            await Task.Delay(20);
        clock.Advance(DownloadLimits.Startup.IdleTimeout);

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => fetch);
        Assert.Contains("No data arrived for 9 seconds.", error.Message, StringComparison.Ordinal);
        Assert.Single(_hub.Requests);
        Assert.True(DownloadLimits.Startup is { Attempts: 1, IdleTimeout.TotalSeconds: < 10 });
    }

    [Fact]
    public async Task The_bytes_to_download_exclude_present_files_and_partial_downloads()
    {
        Assert.Equal(_weights.Length + _config.Length, Store().BytesToFetch("p"));
        _hub.BreakAfter = 150_000;
        using var stop = new CancellationTokenSource();
        var fetch = Store().FetchAsync("p", _quick with { FirstRetryDelay = TimeSpan.FromMinutes(5) }, null, stop.Token);
        while (!File.Exists(Installed("onnx/weights.onnx.part")) || new FileInfo(Installed("onnx/weights.onnx.part")).Length == 0)
            await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);

        var kept = new FileInfo(Installed("onnx/weights.onnx.part")).Length;
        Assert.InRange(kept, 1, 150_000);
        Assert.Equal(_weights.Length - kept + _config.Length, Store().BytesToFetch("p"));
    }

    [Fact]
    public async Task Models_that_do_not_fit_on_the_disk_are_not_downloaded()
    {
        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store(size: 1L << 60).FetchAsync("p", _quick, null, default));

        Assert.Matches(@"^The models need \d+ MB in .*, but only \d+ MB are free\.", error.Message);
        Assert.Empty(_hub.Requests);
    }

    private string Installed(string path) => Path.Combine(_folder, "m", path);

    private ModelStore Store(long? size = null, TimeProvider? clock = null)
    {
        ManifestFile[] files =
        [
            new("onnx/weights.onnx", new Uri($"{_hub.Address}/{Repository}/onnx/weights.onnx"), HubServer.Hash(_weights),
                size ?? _weights.Length, "MIT", false),
            new("config.json", new Uri($"{_hub.Address}/{Repository}/config.json"), HubServer.Hash(_config), _config.Length, "MIT", false),
        ];
        var model = new ManifestModel("m", null, null, null, files, JsonElement.Parse("{}"), null, null);
        var profile = new ManifestProfile("p", null, new Dictionary<ModelRole, ManifestModel> { [ModelRole.VisualText] = model });
        var manifest = new ModelManifest("manifest.json", new Dictionary<string, ManifestProfile> { ["p"] = profile });
        return new ModelStore(manifest, new ModelFolders(_folder, _folder, _ => null), _services.GetRequiredService<IHttpClientFactory>(),
            clock ?? TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
