using System.Text.Json;
using VideoUnderstanding.Inference;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.UnitTests.Inference.Manifest;

public sealed class ModelFoldersTests
{
    private readonly ModelFolders _folders = new("/models", "/lists", name => name == "PLACE" ? "/elsewhere" : null);

    [Theory]
    [InlineData(null, "/models/m")]
    [InlineData("shared/m", "/models/shared/m")]
    [InlineData("${PLACE}/m1", "/elsewhere/m1")]
    [InlineData("${MANIFEST_FOLDER}/m1", "/lists/m1")]
    [InlineData("${UNSET}/m1", "/models/m")]
    public void Model_files_are_located_as_the_manifest_says(string? folder, string expected) =>
        Assert.Equal(expected, _folders.Resolve(Profile(folder), ModelRole.Speech).Folder);

    [Theory]
    [InlineData(null, false)]
    [InlineData("${PLACE}/m1", true)]
    [InlineData("${UNSET}/m1", false)]
    public void Only_folders_outside_the_models_folder_are_foreign(string? folder, bool foreign) =>
        Assert.Equal(foreign, _folders.IsForeign(Profile(folder).Models[ModelRole.Speech]));

    private static ManifestProfile Profile(string? folder) => new("own", null, new Dictionary<ModelRole, ManifestModel>
    {
        [ModelRole.Speech] = new("m", folder, null, null, [], JsonElement.Parse("{}"), null, null),
    });
}
