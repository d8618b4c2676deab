using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

public sealed class LoadedHashTests : IDisposable
{
    private readonly string _models = Directory.CreateTempSubdirectory("vu-hashes-").FullName;

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public void The_hash_of_a_loaded_model_is_that_of_its_files_when_it_was_loaded()
    {
        var (manifest, copy) = (Path.Combine(_models, "manifest.json"), Path.Combine(_models, "starter", "text"));
        File.Copy(ProjectFolder.File("models/manifest.json"), manifest);
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.EnumerateFiles(ProjectFolder.File("models/starter/text")))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ModelOptions.Section}:Manifest"] = manifest,
            [$"{ModelOptions.Section}:Profile"] = "starter",
            [$"{ModelOptions.Section}:Device"] = ModelDevice.Cpu.ToString(),
        });
        builder.AddInference();
        using var host = builder.Build();
        var models = host.Services.GetRequiredService<ModelSet>();
        var role = models.Role(ModelRole.TextEmbedding)!;
        var before = ModelHash.Compute(role);

        Assert.Equal(before, models.HashOf(ModelRole.TextEmbedding));
        Assert.NotNull(models.Text);
        File.AppendAllText(role.PathOf("config.json"), "changed");

        Assert.NotEqual(before, ModelHash.Compute(role));
        Assert.Equal(before, models.HashOf(ModelRole.TextEmbedding));
    }
}
