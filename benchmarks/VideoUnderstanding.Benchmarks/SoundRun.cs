using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Sound;
using VideoUnderstanding.TestAssets;
using VideoUnderstanding.TestAssets.Sounds;

namespace VideoUnderstanding.Benchmarks;

/// <summary><c>sound set FOLDER</c> writes the labelled set of sounds; <c>sound cost</c> measures the CPU time of sound
/// classification.</summary>
internal static class SoundRun
{
    private const int Seconds = 600;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is [_, "set", var folder])
        {
            await SoundSet.WriteToAsync(folder, CancellationToken.None);
            return 0;
        }
        if (args is not [_, "cost"])
        {
            Console.Error.WriteLine("sound set FOLDER, or sound cost");
            return 1;
        }
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ModelOptions.Section}:Profile"] = "starter",
            [$"{ModelOptions.Section}:Device"] = "cpu",
            [$"{ModelOptions.Section}:Manifest"] = ProjectFolder.File("models/manifest.json"),
        });
        builder.AddInference();
        using var host = builder.Build();
        var classifier = host.Services.GetRequiredService<ModelSet>().Sound;
        var track = new SoundTrack(Seconds).Add("", 0, SyntheticSounds.Music(Seconds));
        await new SoundListener(classifier)
            .ListenAsync(new SoundTrack(20).Add("", 0, SyntheticSounds.Music(20)).BlocksAsync(), (_, _) => { }, CancellationToken.None);
        var (windows, before) = (0, Process.GetCurrentProcess().TotalProcessorTime);
        await new SoundListener(classifier).ListenAsync(track.BlocksAsync(), (_, _) => windows++, CancellationToken.None);
        var spent = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
        Console.WriteLine(FormattableString.Invariant(
            $"{windows} windows of {Seconds} s of sound: {spent:0.00} CPU s, {spent / Seconds:0.0000} CPU s per second of sound"));
        return 0;
    }
}
