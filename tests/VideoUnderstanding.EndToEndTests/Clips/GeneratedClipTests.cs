using System.Diagnostics;
using System.Text.Json;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Clips;

/// <summary>ffprobe confirms the facts about the generated clips.</summary>
public sealed class GeneratedClipTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("generated-clips-").FullName;
    private GroundTruth _facts = null!;

    public async ValueTask InitializeAsync() => _facts = await GeneratedClips.WriteToAsync(_folder, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Every_clip_has_the_codec_size_rotation_and_duration_of_its_facts()
    {
        foreach (var clip in _facts.Media)
        {
            using var probe = await ProbeAsync(clip.File);
            var streams = probe.RootElement.GetProperty("streams").EnumerateArray().ToList();
            var picture = streams.SingleOrDefault(stream => stream.GetProperty("codec_type").GetString() == "video");

            var seen = picture.ValueKind == JsonValueKind.Undefined
                ? []
                : new[]
                {
                    new PictureFacts(picture.GetProperty("codec_name").GetString()!, picture.GetProperty("width").GetInt32(),
                        picture.GetProperty("height").GetInt32()),
                };
            Assert.Equal(clip.Video, seen);
            Assert.Equal(clip.Audio.Count, streams.Count(stream => stream.GetProperty("codec_type").GetString() == "audio"));
            Assert.Equal(clip.Rotation == 0, !picture.ToString().Contains("rotation", StringComparison.Ordinal));
            Assert.InRange(double.Parse(probe.RootElement.GetProperty("format").GetProperty("duration").GetString()!), clip.Duration - 0.2,
                clip.Duration + 0.2);
        }
    }

    private async Task<JsonDocument> ProbeAsync(string file)
    {
        string[] arguments = ["-v", "error", "-of", "json", "-show_format", "-show_streams", Path.Combine(_folder, file)];
        using var process = Process.Start(new ProcessStartInfo("ffprobe", arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(output);
    }
}
