using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

[assembly: AssemblyFixture(typeof(VideoUnderstanding.IntegrationTests.Inference.StarterModels))]

namespace VideoUnderstanding.IntegrationTests.Inference;

/// <summary>The committed models of the profile <c>starter</c>. They are loaded with the shipped manifest once for all tests.</summary>
public sealed class StarterModels : IDisposable
{
    private readonly Lazy<IHost> _host = new(() => Start(ModelDevice.Cpu));

    public ModelSet Set => _host.Value.Services.GetRequiredService<ModelSet>();

    public ModelCheck Check => _host.Value.Services.GetRequiredService<ModelCheck>();

    public ModelStore Store => _host.Value.Services.GetRequiredService<ModelStore>();

    public static IHost Start(ModelDevice device)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ModelOptions.Section}:Profile"] = "starter",
            [$"{ModelOptions.Section}:Device"] = device.ToString(),
        });
        builder.AddInference();
        return builder.Build();
    }

    /// <summary>Reads a picture file as a frame.</summary>
    public static async Task<Frame> ReadPictureAsync(string path)
    {
        using var tool = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-i", path, "-f", "image2pipe", "-c:v", "ppm", "-"])
        {
            RedirectStandardOutput = true,
        })!;
        using var output = new MemoryStream();
        await tool.StandardOutput.BaseStream.CopyToAsync(output);
        var bytes = output.ToArray();
        // A PPM file has three lines before the pixels: "P6", width and height, "255".
        var ends = bytes.Index().Where(item => item.Item == '\n').Take(3).Select(item => item.Index).ToArray();
        var size = System.Text.Encoding.ASCII.GetString(bytes, ends[0] + 1, ends[1] - ends[0] - 1).Split(' ').Select(int.Parse).ToArray();
        return new Frame(0, true, size[0], size[1], bytes[(ends[2] + 1)..]);
    }

    public void Dispose()
    {
        if (_host.IsValueCreated)
            _host.Value.Dispose();
    }
}
