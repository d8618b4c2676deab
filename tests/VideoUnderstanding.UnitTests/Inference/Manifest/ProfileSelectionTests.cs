using System.Text.Json;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.UnitTests.Inference.Manifest;

public sealed class ProfileSelectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("selection-").FullName;

    [Theory]
    [InlineData("", false, "starter")]
    [InlineData("starter", false, "starter")]
    [InlineData("starter balanced", false, "balanced")]
    [InlineData("starter balanced quality", false, "balanced")]
    [InlineData("starter balanced quality", true, "quality")]
    [InlineData("starter quality", false, "starter")]
    public void An_empty_database_gets_the_best_profile_whose_files_are_present(string present, bool hasGpu, string expected)
    {
        Install(present.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        var choice = Selection(hasGpu: hasGpu).Choose(null, null);

        Assert.Equal(expected, choice.Profile.Name);
        Assert.Equal(present.Length > 0, choice.IsComplete);
    }

    [Theory]
    [InlineData("starter-visual_text", "starter-text_embedding", "starter")]
    [InlineData("starter-visual_text", null, "starter")]
    [InlineData(null, "quality-text_embedding", "quality")]
    [InlineData("unranked-visual_text", "unranked-text_embedding", "unranked")]
    public void A_filled_database_keeps_the_profile_that_made_its_vectors(string? visual, string? text, string expected)
    {
        Install("starter", "balanced", "quality", "unranked");

        Assert.Equal(expected, Selection().Choose(visual, text).Profile.Name);
    }

    [Fact]
    public void A_filled_database_keeps_its_profile_even_when_its_files_are_missing()
    {
        Install("starter");
        var selection = Selection();

        var choice = selection.Choose("balanced-visual_text", "balanced-text_embedding");

        Assert.Equal(("balanced", false), (choice.Profile.Name, choice.IsComplete));
        Assert.Equal("balanced", selection.Current.Profile.Name);
    }

    [Fact]
    public void Vectors_of_a_model_outside_the_manifest_are_named_in_the_reason()
    {
        Install("starter", "balanced");

        var choice = Selection().Choose("old-model", "starter-text_embedding");

        Assert.Equal("balanced", choice.Profile.Name);
        Assert.EndsWith("has the models that made the vectors in the database (old-model, starter-text_embedding).", choice.Reason);
    }

    [Fact]
    public void A_configured_profile_is_used_with_any_database()
    {
        Install("starter", "balanced");

        Assert.Equal("quality", Selection("quality").Choose("starter-visual_text", null).Profile.Name);
        Assert.Equal("quality", Selection("quality").ToFetch.Name);
    }

    [Fact]
    public void The_profile_to_download_is_the_best_one_for_a_cpu() => Assert.Equal("balanced", Selection(hasGpu: true).ToFetch.Name);

    [Fact]
    public void A_profile_in_use_cannot_change()
    {
        Install("starter", "balanced");
        var selection = Selection();
        Assert.Equal("balanced", selection.Current.Profile.Name);

        Assert.Equal("balanced", selection.Choose(null, null).Profile.Name);
        Assert.Throws<InvalidOperationException>(() => selection.Choose("starter-visual_text", null));
    }

    private ProfileSelection Selection(string profile = ModelOptions.AutoProfile, bool hasGpu = false)
    {
        ManifestProfile[] profiles = [Profile("starter", 1), Profile("unranked", null), Profile("quality", 3) with { NeedsGpu = true },
            Profile("balanced", 2)];
        var manifest = new ModelManifest("manifest.json", profiles.ToDictionary(one => one.Name));
        return new ProfileSelection(new ModelOptions { Profile = profile }, manifest, new ModelFolders(_folder, _folder, _ => null),
            _ => hasGpu);
    }

    private static ManifestProfile Profile(string name, int? rank)
        => new(name, null, new[] { ModelRole.VisualText, ModelRole.TextEmbedding }.ToDictionary(
            role => role, role => new ManifestModel($"{name}-{ManifestReader.NameOf(role)}", null, 4, null,
                [new ManifestFile("a.onnx", null, "", null, "MIT", false), new ManifestFile("extra", null, "", null, "MIT", true)],
                JsonElement.Parse("{}"), null, null)))
        {
            Rank = rank,
        };

    private void Install(params string[] profiles)
    {
        foreach (var model in profiles.SelectMany(name => Profile(name, null).Models.Values))
        {
            Directory.CreateDirectory(Path.Combine(_folder, model.Id));
            File.WriteAllText(Path.Combine(_folder, model.Id, "a.onnx"), "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
