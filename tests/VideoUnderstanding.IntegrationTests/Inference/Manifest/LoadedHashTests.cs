using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Confidence;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference.Manifest;

[Trait("Needs", "Assets")]
public sealed class LoadedHashTests : IDisposable
{
    private readonly string _assets = Directory.CreateTempSubdirectory("vu-hashes-").FullName;

    public void Dispose() => Directory.Delete(_assets, recursive: true);

    [Fact]
    public void The_hash_of_a_loaded_model_is_that_of_the_load_and_its_files_are_not_read_again()
    {
        var source = Path.Combine(AssetsFolder.Require(), "models", "text-embedding-standin");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(_assets, "models", "text-embedding-standin", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["VIDEOUNDERSTANDING_ASSETS"] = _assets,
            [$"{ModelOptions.Section}:Profile"] = "standin",
            [$"{ModelOptions.Section}:Device"] = ModelDevice.Cpu.ToString(),
        });
        builder.AddInference();
        using var host = builder.Build();
        var models = host.Services.GetRequiredService<ModelSet>();
        var role = models.Role(ModelRole.TextEmbedding)!;
        var before = ModelHash.Of(role);

        Assert.Equal(before, models.HashOf(ModelRole.TextEmbedding));
        Assert.NotNull(models.Text);
        File.AppendAllText(role.PathOf(role.Model.Files[0].Path), "changed");

        Assert.NotEqual(before, ModelHash.Of(role));
        Assert.Equal(before, models.HashOf(ModelRole.TextEmbedding));
    }
}
