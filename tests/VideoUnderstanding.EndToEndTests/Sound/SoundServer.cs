using System.Text.Json.Nodes;
using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Sounds;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Sound;

/// <summary>A server with the committed sound model, tiny models for the other roles, and clips with known sounds.</summary>
public sealed class SoundServer : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sound-").FullName;
    private FreshDatabase? _database;
    private RunningServer? _server;

    public ApiClient Api => _server!.Api;

    /// <summary>An index with only the option visual.</summary>
    public string Index { get; private set; } = "";

    /// <summary>A video with the sounds of <see cref="Times"/>.</summary>
    public string Sounds { get; private set; } = "";

    public string Speech { get; private set; } = "";

    public string Silent { get; private set; } = "";

    /// <summary>Seconds at which each sound starts and ends.</summary>
    public static IReadOnlyDictionary<string, (double Start, double End)> Times { get; } = new Dictionary<string, (double, double)>
    {
        ["bark"] = (4, 5), ["siren"] = (10, 14), ["bell"] = (18, 22), ["music"] = (26, 31), ["applause"] = (35, 39), ["water"] = (43, 48),
    };

    public string PathOf(string file) => Path.Combine(_folder, file);

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await WriteClipsAsync(cancellation);
        _database = await FreshDatabase.CreateAsync(cancellation);
        _server = await RunningServer.StartAsync(_database.ConnectionString,
            [$"VideoUnderstanding:Models:Manifest={WriteManifest()}", $"VideoUnderstanding:Models:Profile={TinyModels.Profile}"]);
        Index = await Api.CreateIndexAsync("sounds", "visual");
        Sounds = await Api.IndexAsync(Index, PathOf("sounds.mp4"));
        Speech = await Api.IndexAsync(Index, PathOf("speech.mp4"));
        Silent = await Api.IndexAsync(Index, PathOf("silent.mp4"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WriteClipsAsync(CancellationToken cancellation)
    {
        await new SoundTrack(50)
            .Add("bark", 4, await SoundSources.BarkAsync(cancellation))
            .Add("siren", 10, SyntheticSounds.Siren(4))
            .Add("bell", 18, SyntheticSounds.Bell(4, 1320))
            .Add("music", 26, SyntheticSounds.Music(5))
            .Add("applause", 35, SyntheticSounds.Applause(4, 3000))
            .Add("water", 43, SyntheticSounds.Noise(5, 0.3, 150, 7))
            .WriteClipAsync(PathOf("sounds.mp4"), "gray", cancellation);
        await new SoundTrack(12)
            .Add("", 1, await SoundSources.SpeechAsync("The harbour office opens at eight and closes when the last ferry has left.", "slt",
                cancellation), 0.9)
            .WriteClipAsync(PathOf("speech.mp4"), "gray", cancellation);
        await new SoundTrack(12).WriteClipAsync(PathOf("silent.mp4"), "gray", cancellation);
    }

    /// <summary>Writes a manifest with the tiny models and the shipped role for sound, with its calibration.</summary>
    private string WriteManifest()
    {
        var path = TinyModels.WriteTo(Directory.CreateDirectory(PathOf("models")).FullName);
        var all = JsonNode.Parse(File.ReadAllText(ProjectFolder.File("models/manifest.json")))!;
        var shipped = all["profiles"]!["starter"]!["roles"]!["sound"]!.DeepClone();
        shipped["folder"] = ProjectFolder.File("models/starter");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!;
        manifest["profiles"]![TinyModels.Profile]!["roles"]!["sound"] = shipped;
        File.WriteAllText(path, manifest.ToJsonString());
        var calibrations = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(path)!, "calibrations")).FullName;
        File.Copy(ProjectFolder.File("models/calibrations/yamnet.json"), Path.Combine(calibrations, "yamnet.json"));
        return path;
    }
}
