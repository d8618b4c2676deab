using System.Text.RegularExpressions;
using VideoUnderstanding.IntegrationTests.Server;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.IntegrationTests.Logos;

/// <summary>The command line verbs for logos, with the tiny models.</summary>
public sealed class LogosCommandTests(DatabaseTemplate template)
{
    [Fact]
    public async Task Logos_are_added_listed_and_removed_by_the_command_line()
    {
        var models = Directory.CreateTempSubdirectory("vu-models-").FullName;
        await using var database = await template.CopyAsync();
        await using var folder = new DataFolder("data")
        {
            Settings = [$"VideoUnderstanding__Models__Manifest={TinyModels.WriteTo(models)}",
                $"VideoUnderstanding__Models__Profile={TinyModels.Profile}", $"ConnectionStrings__Database={database.ConnectionString}"],
        };
        try
        {
            var picture = Path.Combine(models, "mark.bmp");
            MarkedClip.WriteMark(picture);
            var added = await VuProcess.RunAsync(folder, "logos", "add", "--name", "Acme Shipping", picture, picture);
            var ids = Regex.Matches(added, "Added ([0-9a-f]{24}) \\(Acme Shipping, mark.bmp\\)").Select(match => match.Groups[1].Value)
                .ToList();
            Assert.Equal(2, ids.Count);
            Assert.Matches($"{ids[0]}  \\d{{4}}-\\d\\d-\\d\\d  image/bmp +Acme Shipping",
                await VuProcess.RunAsync(folder, "logos", "list"));

            Assert.Contains("Removed", await VuProcess.RunAsync(folder, "logos", "remove", ids[0]), StringComparison.Ordinal);
            Assert.DoesNotContain(ids[0], await VuProcess.RunAsync(folder, "logos", "list"), StringComparison.Ordinal);
            await RefusedAsync(folder, "There is no logo", "remove", ids[0]);
            await RefusedAsync(folder, "There is no file", "add", "--name", "Acme", Path.Combine(models, "none.png"));
            await RefusedAsync(folder, "PNG, JPEG", "add", "--name", "Acme", Path.Combine(models, "manifest.json"));
            await RefusedAsync(folder, "--name", "add", "--name", "?", picture);
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
    }

    private static async Task RefusedAsync(DataFolder folder, string words, params string[] verb)
        => Assert.Contains(words, (await Assert.ThrowsAsync<ToolException>(() => VuProcess.RunAsync(folder, ["logos", .. verb]))).ErrorTail,
            StringComparison.Ordinal);
}
