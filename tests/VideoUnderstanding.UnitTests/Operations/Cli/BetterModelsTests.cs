using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Operations.Cli;

namespace VideoUnderstanding.UnitTests.Operations.Cli;

public sealed class BetterModelsTests
{
    private static readonly ModelManifest Manifest = new("manifest.json", new[] { Profile("small", 1), Profile("medium", 2),
        Profile("large", 3), Profile("unranked", null) }.ToDictionary(profile => profile.Name));

    [Fact]
    public void Doctor_suggests_the_best_installed_models_for_indexes_with_lesser_ones()
    {
        var findings = Find("medium", "small", new() { [""] = 2, ["small"] = 1, ["medium"] = 4 }).ToList();

        var finding = Assert.Single(findings);
        Assert.True(finding.Ok);
        Assert.Equal("3 indexes use the models of small; the better ones of medium are installed. To use them without downtime: "
            + "./vu models switch medium", finding.Detail);
    }

    [Theory]
    [InlineData("small", "medium")]
    [InlineData("medium", "medium")]
    [InlineData("large", "unranked")]
    [InlineData(null, "small")]
    public void Doctor_suggests_nothing_without_better_models(string? best, string installation)
        => Assert.Empty(Find(best, installation, new() { [""] = 1 }));

    [Fact]
    public void Doctor_suggests_nothing_without_a_database()
        => Assert.Empty(Find("large", "small", null));

    private static IEnumerable<Finding> Find(string? best, string installation, Dictionary<string, int>? indexes)
        => Diagnosis.BetterModels(Manifest, best is null ? null : Manifest.Profile(best), indexes, installation);

    private static ManifestProfile Profile(string name, int? rank)
        => new(name, null, new Dictionary<ModelRole, ManifestModel>()) { Rank = rank };
}
