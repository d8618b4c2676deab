using System.Diagnostics;
using VideoUnderstanding.IntegrationTests.Support;

[assembly: AssemblyFixture(typeof(SampleClips))]

namespace VideoUnderstanding.IntegrationTests.Support;

/// <summary>Small videos, rendered once per test run.</summary>
public sealed class SampleClips : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vu-clips-").FullName;

    /// <summary>640x360, 5 seconds, with sound.</summary>
    public string WithSound => Path.Combine(_folder, "with-sound.mp4");

    /// <summary>640x360, 5 seconds, no sound track.</summary>
    public string Silent => Path.Combine(_folder, "silent.mp4");

    /// <summary>320x180, 5 seconds, no sound track.</summary>
    public string Small => Path.Combine(_folder, "small.mp4");

    /// <summary>640x360, 2 seconds, no sound track.</summary>
    public string Short => Path.Combine(_folder, "short.mp4");

    public async ValueTask InitializeAsync()
    {
        await RenderAsync(WithSound, "640x360", 5, sound: true);
        await RenderAsync(Silent, "640x360", 5, sound: false);
        await RenderAsync(Small, "320x180", 5, sound: false);
        await RenderAsync(Short, "640x360", 2, sound: false);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task RenderAsync(string path, string size, int seconds, bool sound)
    {
        string[] picture = ["-f", "lavfi", "-i", $"testsrc=size={size}:rate=10:duration={seconds}"];
        string[] tone = sound ? ["-f", "lavfi", "-i", $"sine=frequency=440:duration={seconds}", "-c:a", "aac"] : [];
        string[] arguments = ["-v", "error", "-y", .. picture, .. tone, "-c:v", "mpeg4", "-q:v", "5", path];
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardError = true })!;
        var error = await ffmpeg.StandardError.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        Assert.True(ffmpeg.ExitCode == 0, error);
    }
}
