using System.Net;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.Data.Storage;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Streams;

/// <summary>The server with a store that has no folder. Upload, thumbnails, playback and deletion use only the interface.</summary>
public sealed class OtherStoreTests(DatabaseTemplate template, StreamClips clips, SampleClips samples) : IClassFixture<StreamClips>
{
    [Fact]
    public async Task Videos_are_uploaded_played_and_deleted_without_a_folder()
    {
        var store = new MemoryStore();
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>(),
            fakes: services => services.AddSingleton<IFileStore>(store));
        var index = await server.AddIndexAsync(options: [IndexOptions.Visual]);
        using var client = server.CreateClient();
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(samples.Silent)), "video_file", "clip.mp4" },
        };
        await client.PostAsync("/v1.1/tasks", form).JsonAsync(HttpStatusCode.Created);
        var uploaded = Assert.Single(store.Keys);
        Assert.StartsWith("videos/", uploaded, StringComparison.Ordinal);

        var (video, _) = await server.AddVideoAsync(index, duration: StreamClips.Seconds);
        await store.WriteAsync($"videos/{video.Id}", File.OpenRead(clips.Copied), CancellationToken.None);
        var playlist = await server.PlaylistOfAsync(video);
        var picture = (await server.VideoAsync(video)).GetProperty("hls").GetProperty("thumbnail_urls")[0].GetString();
        Assert.Equal([0xFF, 0xD8], (await client.GetByteArrayAsync(picture))[..2]);
        Assert.NotEmpty(await client.GetByteArrayAsync((await StreamBench.SegmentsAsync(client, playlist))[1].Address));
        Assert.Equal(await File.ReadAllBytesAsync(clips.Copied), await client.GetByteArrayAsync(new Uri(playlist, "original")));
        Assert.Equal([$"streams/{video.Id}/1.ts", $"streams/{video.Id}/plan.json", $"thumbnails/{video.Id}/10000.jpeg",
            .. new[] { uploaded, $"videos/{video.Id}" }.Order(StringComparer.Ordinal)], store.Keys);
        Assert.Equal(0, store.OpenCopies);

        await client.DeleteAsync($"/v1.1/indexes/{index.Id}/videos/{video.Id}").EmptyAsync(HttpStatusCode.NoContent);
        Assert.Equal([uploaded], store.Keys);
        Assert.Equal(["incoming"], Directory.GetFileSystemEntries(server.Files.Root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_store_with_download_addresses_delivers_the_original_file_itself()
    {
        var store = new MemoryStore { Address = "https://bucket.example/" };
        await using var server = await TestServer.StartAsync(template, new Dictionary<string, string?>(),
            fakes: services => services.AddSingleton<IFileStore>(store));
        var (video, _) = await server.AddVideoAsync(await server.AddIndexAsync());
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });

        using var answer = await client.GetAsync(new Uri(await server.PlaylistOfAsync(video), "original"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"https://bucket.example/videos/{video.Id}?type=video%2Fmp4&seconds=86400",
            answer.Headers.Location?.AbsoluteUri);
    }
}
