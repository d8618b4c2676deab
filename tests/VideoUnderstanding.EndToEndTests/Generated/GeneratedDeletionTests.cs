using System.Net;
using VideoUnderstanding.TestAssets.Clips;

namespace VideoUnderstanding.EndToEndTests.Generated;

/// <summary>Deleted videos and indexes disappear from searches, from the disk and from the tables.</summary>
[Collection(nameof(GeneratedCollection))]
public sealed class GeneratedDeletionTests(GeneratedSet set)
{
    [Fact]
    public async Task Deleting_a_video_removes_all_its_data()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (frames, segments) = (await set.Database.CountAsync("frame_vectors", cancellation),
            await set.Database.CountAsync("text_segments", cancellation));
        var index = await set.Api.CreateIndexAsync("to be emptied", "visual", "conversation", "text_in_video");
        var video = await set.Api.IndexAsync(index, set.PathOf(GeneratedClips.Colours));
        Assert.NotEmpty(await set.Api.SearchAsync(index, "red", "visual"));
        Assert.NotEmpty(FilesOf(video));
        Assert.True(await set.Database.CountAsync("frame_vectors", cancellation) > frames);

        (await set.Api.DeleteAsync($"indexes/{index}/videos/{video}")).Expect(HttpStatusCode.NoContent);

        foreach (var (query, option) in new[] { ("red", "visual"), ("ship", "conversation"), ("harbour", "text_in_video") })
            Assert.Empty(await set.Api.SearchAsync(index, query, option));
        (await set.Api.GetAsync($"indexes/{index}/videos/{video}")).ExpectError(HttpStatusCode.NotFound, "resource_not_exist");
        Assert.Empty(FilesOf(video));
        Assert.Equal(frames, await set.Database.CountAsync("frame_vectors", cancellation));
        Assert.Equal(segments, await set.Database.CountAsync("text_segments", cancellation));
    }

    [Fact]
    public async Task Deleting_an_index_deletes_its_videos()
    {
        var index = await set.Api.CreateIndexAsync("to be deleted", "visual");
        var video = await set.Api.IndexAsync(index, set.PathOf(GeneratedClips.Hevc));

        (await set.Api.DeleteAsync($"indexes/{index}")).Expect(HttpStatusCode.NoContent);

        Assert.True((await set.Api.GetAsync($"indexes/{index}")).Expect(HttpStatusCode.OK).GetProperty("deleted").GetBoolean());
        Assert.Empty(FilesOf(video));
    }

    private IEnumerable<string> FilesOf(string video)
        => Directory.EnumerateFiles(set.Server.DataFolder, "*", SearchOption.AllDirectories)
            .Where(path => path.Contains(video, StringComparison.Ordinal));
}
