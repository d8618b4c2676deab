using VideoUnderstanding.EndToEndTests.Support;
using VideoUnderstanding.TestAssets.Clips;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>A server without a configured database runs its own.</summary>
public sealed class EmbeddedDatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("embedded-").FullName;

    [Fact]
    public async Task A_clip_is_found_without_a_configured_database()
    {
        await GeneratedClips.WriteToAsync(_folder, TestContext.Current.CancellationToken);
        await using var server = await RunningServer.StartAsync("",
            GeneratedSet.Settings(TinyModels.WriteTo(Path.Combine(_folder, "models"))));
        var index = await server.Api.CreateIndexAsync("embedded", "visual", "conversation");
        var video = await server.Api.IndexAsync(index, Path.Combine(_folder, GeneratedClips.Uneven));

        var seen = await server.Api.SearchAsync(index, "pink", "visual");
        var heard = await server.Api.SearchAsync(index, "water my plants", "conversation", "exact_match");

        Assert.Equal((video, video), (seen[0].VideoId, heard[0].VideoId));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
