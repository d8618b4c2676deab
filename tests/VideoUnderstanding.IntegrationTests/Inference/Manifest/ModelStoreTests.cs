using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

public sealed class ModelStoreTests : IAsyncLifetime
{
    private const string Profile = "own";
    private readonly DownloadLimits _quick = new(TimeSpan.FromSeconds(60), 5, TimeSpan.FromMilliseconds(1));
    private readonly string _folder = Directory.CreateTempSubdirectory("store-").FullName;
    private readonly byte[] _weights = [.. Enumerable.Range(0, 300_000).Select(i => (byte)(i * 7 + i / 256))];
    private readonly ServiceProvider _services = new ServiceCollection().AddHttpClient().BuildServiceProvider();
    private ModelServer _server = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _server = await ModelServer.StartAsync();
        _server.Files["a.onnx"] = _weights;
        _address = _server.AddressOf("a.onnx");
    }

    [Fact]
    public async Task An_interrupted_download_is_resumed_where_it_stopped()
    {
        _server.Breaks = 1;
        var reports = new List<FetchProgress>();

        var states = await Store(Sha256(_weights)).FetchAsync(Profile, _quick, new Progress(reports), default);

        Assert.Equal(ModelFileCondition.Added, Assert.Single(states).Condition);
        Assert.Equal(_weights, await File.ReadAllBytesAsync(Installed));
        Assert.Equal("", _server.Ranges[0]);
        Assert.Matches("^bytes=[1-9][0-9]*-$", _server.Ranges[1]);
        Assert.Equal([Installed], Directory.GetFiles(Path.GetDirectoryName(Installed)!));
        Assert.Equal(new FetchProgress("m", "a.onnx", 1, 1, _weights.Length, _weights.Length, 0), reports[^1]);
    }

    [Fact]
    public async Task A_download_is_resumed_in_a_later_run()
    {
        await FetchUntilBrokenAsync();

        await Store("").FetchAsync(Profile, _quick, null, default);

        Assert.Equal(_weights, await File.ReadAllBytesAsync(Installed));
        Assert.StartsWith("bytes=", _server.Ranges[^1]);
    }

    [Fact]
    public async Task A_file_that_changed_since_the_interruption_is_downloaded_from_the_start()
    {
        await FetchUntilBrokenAsync();
        byte[] other = [9, .. _weights.Skip(1)];
        _server.Files["a.onnx"] = other;

        await Store(Sha256(other)).FetchAsync(Profile, _quick, null, default);

        Assert.Equal(other, await File.ReadAllBytesAsync(Installed));
    }

    [Fact]
    public async Task A_file_with_another_hash_is_refused_and_deleted()
    {
        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store(Sha256([1])).FetchAsync(Profile, _quick, null, default));

        Assert.Contains($"its sha256 is {Sha256(_weights)}", error.Message);
        Assert.Empty(Directory.GetFiles(_folder, "a.onnx*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_file_without_a_known_hash_is_trusted_once_and_later_must_have_the_same_hash()
    {
        var first = await Store("").FetchAsync(Profile, _quick, null, default);
        File.Delete(Installed);
        _server.Files["a.onnx"] = [9, .. _weights.Skip(1)];

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store("").FetchAsync(Profile, _quick, null, default));

        Assert.Equal(ModelFileCondition.AddedAndTrusted, first[0].Condition);
        Assert.Contains(Sha256(_weights), await File.ReadAllTextAsync(Path.Combine(_folder, "trusted.json")));
        Assert.Contains($"expected {Sha256(_weights)}", error.Message);
    }

    [Fact]
    public async Task A_present_file_is_not_downloaded_again()
    {
        await Store("").FetchAsync(Profile, _quick, null, default);
        var requests = _server.Ranges.Count;

        var states = await Store("").FetchAsync(Profile, _quick, null, default);

        Assert.Equal(ModelFileCondition.Present, states[0].Condition);
        Assert.Equal(requests, _server.Ranges.Count);
    }

    [Fact]
    public async Task A_file_that_the_host_does_not_have_is_reported()
    {
        _server.Files.Clear();

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store("").FetchAsync(Profile, _quick, null, default));

        Assert.Equal($"{_address} does not exist (404).", error.Message);
    }

    [Fact]
    public async Task An_optional_file_that_the_host_does_not_have_is_left_out()
    {
        _server.Files.Clear();

        var states = await Store("", optional: true).FetchAsync(Profile, _quick, null, default);

        Assert.Equal(ModelFileCondition.NotNeeded, states[0].Condition);
    }

    [Fact]
    public async Task A_host_that_never_sends_a_byte_is_reported_after_the_last_attempt()
    {
        await _server.DisposeAsync();

        var error = await Assert.ThrowsAsync<ModelStoreException>(() => Store("").FetchAsync(Profile, _quick, null, default));

        Assert.Contains("could not be downloaded (5 attempts)", error.Message);
    }

    [Fact]
    public async Task Verifying_finds_a_file_that_was_changed_on_disk()
    {
        await Store("").FetchAsync(Profile, _quick, null, default);
        var before = await Store("").VerifyAsync(Profile, default);
        await File.WriteAllBytesAsync(Installed, [.. _weights.Skip(1)]);

        var after = await Store("").VerifyAsync(Profile, default);

        Assert.Equal(ModelFileCondition.Verified, before[0].Condition);
        Assert.Equal(ModelFileCondition.WrongHash, after[0].Condition);
        Assert.False(after[0].IsGood);
    }

    [Theory]
    [InlineData("m/a.onnx", false)]
    [InlineData("a.onnx", false)]
    [InlineData("deep/below/a.onnx", true)]
    [InlineData("renamed.bin", true)]
    public async Task Import_finds_a_file_by_its_path_or_by_its_hash(string place, bool onlyWithHash)
    {
        var imported = Path.Combine(_folder, "usb", place);
        Directory.CreateDirectory(Path.GetDirectoryName(imported)!);
        await File.WriteAllBytesAsync(imported, _weights);

        var without = await Store("").ImportAsync(Profile, Path.Combine(_folder, "usb"), default);
        if (!onlyWithHash)
            File.Delete(Installed);
        File.Delete(Path.Combine(_folder, "trusted.json"));
        var with = await Store(Sha256(_weights), size: _weights.Length).ImportAsync(Profile, Path.Combine(_folder, "usb"), default);

        Assert.Equal(onlyWithHash ? ModelFileCondition.Missing : ModelFileCondition.AddedAndTrusted, without[0].Condition);
        Assert.Equal(ModelFileCondition.Added, with[0].Condition);
        Assert.Equal(_weights, await File.ReadAllBytesAsync(Installed));
        Assert.True(File.Exists(imported));
    }

    [Fact]
    public async Task A_manually_added_file_is_trusted_once_and_later_must_have_the_same_hash()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Installed)!);
        await File.WriteAllBytesAsync(Installed, _weights);
        Assert.Equal(ModelFileCondition.NoHashKnown, Assert.Single(await Store("").VerifyAsync(Profile, default)).Condition);

        var accepted = Assert.Single(await Store("").TrustAsync(Profile, default));
        Assert.Equal((ModelFileCondition.AddedAndTrusted, Sha256(_weights)), (accepted.Condition, accepted.Sha256));
        Assert.Equal(ModelFileCondition.Verified, Assert.Single(await Store("").TrustAsync(Profile, default)).Condition);

        await File.WriteAllBytesAsync(Installed, [1, 2, 3]);
        Assert.Equal(ModelFileCondition.WrongHash, Assert.Single(await Store("").TrustAsync(Profile, default)).Condition);
    }

    [Fact]
    public void The_list_contains_missing_files()
        => Assert.Equal(ModelFileCondition.Missing, Assert.Single(Store("").List(Profile)).Condition);

    /// <summary>Cancels a download during the long delay before its second attempt.</summary>
    private async Task FetchUntilBrokenAsync()
    {
        _server.Breaks = 1;
        using var stop = new CancellationTokenSource();
        var fetch = Store("").FetchAsync(Profile, _quick with { FirstRetryDelay = TimeSpan.FromMinutes(5) }, null, stop.Token);
        while (_server.Breaks > 0 || !File.Exists(Installed + ".part") || new FileInfo(Installed + ".part").Length == 0)
            await Task.Delay(20);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
    }

    private string Installed => Path.Combine(_folder, "m", "a.onnx");

    private ModelStore Store(string sha256, bool optional = false, long? size = null)
    {
        var file = new ManifestFile("a.onnx", new Uri(_address), sha256, size, "MIT", optional);
        var model = new ManifestModel("m", null, null, null, [file], JsonElement.Parse("{}"), null, null);
        var profile = new ManifestProfile(Profile, null, new Dictionary<ModelRole, ManifestModel> { [ModelRole.Speech] = model });
        var manifest = new ModelManifest("manifest.json", new Dictionary<string, ManifestProfile> { [Profile] = profile });
        return new ModelStore(manifest, new ModelFolders(_folder, _folder, _ => null), _services.GetRequiredService<IHttpClientFactory>(),
            TimeProvider.System);
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private sealed class Progress(List<FetchProgress> reports) : IProgress<FetchProgress>
    {
        public void Report(FetchProgress value) => reports.Add(value);
    }
}
