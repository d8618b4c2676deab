using System.Numerics.Tensors;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Visual;

/// <summary>Loads files in the layout of a published CLIP export through a manifest. The quality of the small network is not
/// tested.</summary>
[Trait("Needs", "Assets")]
public sealed class ClipExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clip-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_export_with_two_networks_and_a_byte_pair_vocabulary_gives_unit_vectors_in_one_space()
    {
        using var host = Start(AssetsFolder.File("models/clip-standin"));
        var visual = host.Services.GetRequiredService<ModelSet>().Visual;

        var picture =
            (await visual.EmbedFramesAsync([await StarterModels.ReadPictureAsync(AssetsFolder.File("images/cat.jpg"))], default))[0];
        var texts = await visual.EmbedTextsAsync(["a cat", ""], default);

        Assert.All([picture, .. texts],
            vector => Assert.Equal((512, 1f), (vector.Length, MathF.Round(TensorPrimitives.Norm<float>(vector), 3))));
    }

    private IHost Start(string export)
    {
        var files = Directory.EnumerateFiles(export, "*", SearchOption.AllDirectories).Select(file => new
        {
            path = Path.GetRelativePath(export, file), sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))),
            licence = "see the assets folder",
        });
        var model = new
        {
            id = "clip-export", folder = export, dimensions = 512, tokenizer = "clip_bpe", files,
            settings = new { templates = new[] { "{}", "a photo of {}" } },
        };
        var manifest = Path.Combine(_folder, "manifest.json");
        File.WriteAllText(manifest,
            JsonSerializer.Serialize(new { profiles = new { clip = new { roles = new { visual_text = model } } } }));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ModelOptions.Section}:Manifest"] = manifest,
            [$"{ModelOptions.Section}:Profile"] = "clip",
            [$"{ModelOptions.Section}:Device"] = ModelDevice.Cpu.ToString(),
        });
        builder.AddInference();
        return builder.Build();
    }
}
