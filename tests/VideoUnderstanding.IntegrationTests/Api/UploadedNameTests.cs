using System.Net;
using System.Text;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

/// <summary>File names in forms, with the different quoting and encoding of different clients.</summary>
public sealed class UploadedNameTests(TestServer server, SampleClips clips) : IClassFixture<TestServer>
{
    private const string Boundary = "edge";

    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("filename=\"Interview \\\"take 2\\\".mp4\"", "Interview \"take 2\".mp4")]
    [InlineData("filename=\"Interview %22take 2%22.mp4\"", "Interview \"take 2\".mp4")]
    [InlineData("filename=\"C:\\videos\\clip.mp4\"", "clip.mp4")]
    [InlineData("filename=\"x.mp4\"; filename*=UTF-8''na%C3%AFve%20%22take%202%22.mp4", "naïve \"take 2\".mp4")]
    [InlineData("filename=\"船.mp4\"", "船.mp4")]
    public async Task The_name_of_a_video_is_stored_without_quoting(string parameter, string expected)
    {
        var index = await server.AddIndexAsync(options: [IndexOptions.Visual]);
        using var body = new MemoryStream();
        void Write(string text) => body.Write(Encoding.UTF8.GetBytes(text));
        Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"index_id\"\r\n\r\n{index.Id}\r\n");
        Write($"--{Boundary}\r\nContent-Disposition: form-data; name=\"video_file\"; {parameter}\r\n\r\n");
        body.Write(await File.ReadAllBytesAsync(clips.WithSound));
        Write($"\r\n--{Boundary}--\r\n");
        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");

        var taskId = (await _client.PostAsync("/v1.1/tasks", content).JsonAsync(HttpStatusCode.Created)).Id();

        var task = await _client.GetAsync($"/v1.1/tasks/{taskId}").JsonAsync();
        Assert.Equal(expected, task.GetProperty("metadata").GetProperty("filename").GetString());
    }

    [Fact]
    public async Task Videos_and_thumbnails_are_readable_only_by_the_user_of_the_server()
    {
        var index = await server.AddIndexAsync(options: [IndexOptions.Visual], addons: ["thumbnail"]);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(clips.WithSound)), "video_file", "clip.mp4" },
        };
        var taskId = (await _client.PostAsync("/v1.1/tasks", form).JsonAsync(HttpStatusCode.Created)).Id();
        var videoId = (await _client.GetAsync($"/v1.1/tasks/{taskId}").JsonAsync()).GetProperty("video_id").GetString()!;
        var thumbnail = (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{videoId}/thumbnail?time=1").JsonAsync())
            .GetProperty("thumbnail").GetString()!;
        Assert.NotEmpty(await _client.GetByteArrayAsync(thumbnail));

        foreach (var file in new[] { server.Files.VideoPath(videoId), server.Files.ThumbnailPath(videoId, 1) })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        }
    }
}
