using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>A server with the tiny models and the generated clips, indexed once for all tests. Clips with sound are in one index and silent
/// clips in another, because an index with the option conversation refuses clips without a sound track.</summary>
public sealed class GeneratedSet : IAsyncLifetime
{
    private static readonly string[] SoundOptions = ["visual", "conversation", "text_in_video"];
    private static readonly string[] SilentOptions = ["visual", "text_in_video"];
    private readonly string _folder = Directory.CreateTempSubdirectory("generated-set-").FullName;
    private RunningServer? _server;

    public ApiClient Api => Server.Api;

    public RunningServer Server => _server ?? throw new InvalidOperationException("The server has not started.");

    public FreshDatabase Database { get; private set; } = null!;

    /// <summary>Path of the manifest of the tiny models.</summary>
    public string Manifest { get; private set; } = "";

    public GroundTruth Facts { get; private set; } = null!;

    public string SoundIndex { get; private set; } = "";

    public string SilentIndex { get; private set; } = "";

    /// <summary>Identifiers of the indexed videos by file name.</summary>
    public Dictionary<string, string> Videos { get; } = [];

    public string PathOf(string file) => Path.Combine(_folder, file);

    public string IndexOf(string file) => Facts[file].Audio.Count > 0 ? SoundIndex : SilentIndex;

    public static IEnumerable<string> Settings(string manifest, string profile = TinyModels.Profile)
        => [$"VideoUnderstanding:Models:Manifest={manifest}", $"VideoUnderstanding:Models:Profile={profile}"];

    /// <summary>Writes score maps like those of a calibration. Right answers of the tiny models get high normalised scores, wrong answers
    /// get scores near 0.</summary>
    private static string Calibrated(string manifestPath)
    {
        var manifest = ModelManifest.Load(manifestPath);
        var folders = new ModelFolders(Path.GetDirectoryName(manifestPath)!, Path.GetDirectoryName(manifestPath)!, _ => null);
        // The role for pictures keeps its provisional map.
        foreach (var roles in Enum.GetValues<EvidenceRole>().Where(role => role != EvidenceRole.Picture).GroupBy(role => role.Model())
            .Where(roles => manifest.Profile(TinyModels.Profile).Models.ContainsKey(roles.Key)))
        {
            var model = folders.Resolve(manifest.Profile(TinyModels.Profile), roles.Key);
            var map = new RoleCalibration(100, 50, EvidenceKind.NormalizedScore, 0.1,
                [new(0, 0), new(2, 40), new(3, 73), new(4, 83), new(12, 98)]);
            CalibrationFile.Write(CalibrationFile.PathFor(manifestPath, model.ModelId),
                new ModelCalibration(model.ModelId, ModelHash.Compute(model)!, "none: made by a test",
                    roles.ToDictionary(role => role, _ => map)));
        }
        return manifestPath;
    }

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Facts = await GeneratedClips.WriteToAsync(_folder, cancellation);
        Database = await FreshDatabase.CreateAsync(cancellation);
        Manifest = Calibrated(TinyModels.WriteTo(PathOf("models")));
        _server = await RunningServer.StartAsync(Database.ConnectionString,
            [.. Settings(Manifest), "VideoUnderstanding:Webhooks:AllowHttp=true"]);
        SoundIndex = await Api.CreateIndexAsync("with sound", SoundOptions);
        SilentIndex = await Api.CreateIndexAsync("silent", SilentOptions);
        // Uploads all clips at the same time, as a user with many clips may do, and relies on the queue.
        await Task.WhenAll(Facts.Media.Where(clip => clip.Video.Count > 0).Select(async clip =>
        {
            var video = await Api.IndexAsync(IndexOf(clip.File), PathOf(clip.File));
            lock (Videos)
                Videos[clip.File] = video;
        }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>Test classes that share the indexed set. They run one after another, because they also share the CPU cores of the
/// server.</summary>
[CollectionDefinition(nameof(GeneratedCollection))]
public sealed class GeneratedCollection : ICollectionFixture<GeneratedSet>, ICollectionFixture<Chromium>;
