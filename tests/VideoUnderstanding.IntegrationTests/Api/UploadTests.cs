using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Support;

namespace VideoUnderstanding.IntegrationTests.Api;

public sealed class UploadTests(TestServer server, SampleClips clips) : IClassFixture<TestServer>
{
    private const string Subtitles = "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n";
    private static readonly string[] SeenAndHeard = [IndexOptions.Visual, IndexOptions.Conversation];
    private readonly HttpClient _client = server.CreateClient();

    [Theory]
    [InlineData("video_file", "/v1.1/tasks")]
    [InlineData("file", "/v1.1/tasks/")]
    [InlineData("video_file", "/p/v1.1/indexes/tasks")]
    public async Task An_uploaded_video_becomes_a_pending_task_with_its_metadata(string field, string path)
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" }, { Bytes(clips.WithSound), field, "dir\\quay north.mp4" },
        };

        var taskId = (await _client.PostAsync(path, form).JsonAsync(HttpStatusCode.Created)).Id();

        var task = await _client.GetAsync($"/v1.1/tasks/{taskId}").JsonAsync();
        Assert.Equal("pending", task.GetProperty("status").GetString());
        Assert.Equal(100, task.GetProperty("process").GetProperty("upload_percentage").GetDouble());
        Assert.Equal("quay north.mp4", task.GetProperty("metadata").GetProperty("filename").GetString());
        var videoId = task.GetProperty("video_id").GetString()!;
        var metadata = (await _client.GetAsync($"/v1.1/indexes/{index.Id}/videos/{videoId}").JsonAsync()).GetProperty("metadata");
        Assert.InRange(metadata.GetProperty("duration").GetDouble(), 4.9, 5.2);
        Assert.Equal((640, 360, 10),
            (metadata.GetProperty("width").GetInt32(), metadata.GetProperty("height").GetInt32(), metadata.GetProperty("fps").GetDouble()));
        var sent = await File.ReadAllBytesAsync(clips.WithSound);
        Assert.Equal(sent.LongLength, metadata.GetProperty("size").GetInt64());
        Assert.Equal(sent, await File.ReadAllBytesAsync(server.Files.VideoPath(videoId)));
        await using var db = server.Database.Open();
        Assert.True(await db.Tasks.AnyAsync(row => row.Id == taskId && row.AttemptToken == null && row.RetryAt == null));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(sent)), (await db.Videos.SingleAsync(video => video.Id == videoId)).Sha256);
    }

    [Fact]
    public async Task The_parts_may_come_in_any_order()
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new MultipartFormDataContent
        {
            { Bytes(clips.WithSound), "video_file", "a.mp4" }, { new StringContent("en"), "language" },
            { new StringContent("False"), "disable_video_stream" },
            { new StringContent("False"), "provide_transcription" }, { new StringContent(index.Id), "index_id" },
        };
        await _client.PostAsync("/v1.1/tasks", form).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_address_is_fetched_later_and_takes_precedence_over_a_file()
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new MultipartFormDataContent
        {
            { Bytes(clips.WithSound), "video_file", "a.mp4" }, { new StringContent(index.Id), "index_id" },
            // Some clients send the address as a file part.
            { new StringContent("https://media.example.org/dir/quay%20south.mp4?x=1"), "video_url", "video_url" },
        };

        var task = await CreatedAsync(form);
        Assert.Equal("validating", task.GetProperty("status").GetString());
        Assert.Equal("quay south.mp4", task.GetProperty("metadata").GetProperty("filename").GetString());
        Assert.False(File.Exists(server.Files.VideoPath(task.GetProperty("video_id").GetString()!)));
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task A_form_urlencoded_body_works_for_addresses()
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["index_id"] = index.Id, ["video_url"] = "https://media.example.org/", ["provide_transcription"] = "True",
            ["transcription_url"] = "https://media.example.org/a.srt",
        });

        var task = await CreatedAsync(form);
        Assert.Equal("media.example.org", task.GetProperty("metadata").GetProperty("filename").GetString());
        await using var db = server.Database.Open();
        var row = await db.Tasks.SingleAsync(one => one.Id == task.Id());
        Assert.Equal(("https://media.example.org/", "https://media.example.org/a.srt", true),
            (row.VideoUrl, row.TranscriptionUrl, row.ProvidesTranscription));
    }

    [Fact]
    public async Task A_transcription_file_is_kept_and_makes_sound_unnecessary()
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = Form(index, clips.Silent, ("provide_transcription", "true"));
        form.Add(new StringContent(Subtitles), "transcription_file", "a.srt");

        var videoId = (await CreatedAsync(form)).GetProperty("video_id").GetString()!;
        Assert.Equal(Subtitles, await File.ReadAllTextAsync(server.Files.TranscriptPath(videoId)));
    }

    [Fact]
    public async Task A_transcription_that_is_not_requested_is_ignored()
    {
        using var form = Form(await server.AddIndexAsync(options: SeenAndHeard), clips.WithSound);
        form.Add(new StringContent("no subtitles at all"), "transcription_file", "a.srt");
        var videoId = (await CreatedAsync(form)).GetProperty("video_id").GetString()!;
        Assert.False(File.Exists(server.Files.TranscriptPath(videoId)));
        AssertNothingUnfinished();
    }

    [Theory]
    [InlineData("small", "video_resolution_too_low", "360 pixels. The current resolution is 320x180")]
    [InlineData("short", "video_duration_too_short", "at least 4 seconds. The current duration is 2 seconds")]
    [InlineData("silent", "video_audio_track_not_exists", "conversation")]
    [InlineData("text", "video_file_broken", "cannot be read")]
    [InlineData("empty", "video_file_broken", "cannot be read")]
    public async Task A_file_that_breaks_a_rule_is_refused_and_leaves_nothing(string file, string code, string words)
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using HttpContent bytes = file switch
        {
            "small" => Bytes(clips.Small),
            "short" => Bytes(clips.Short),
            "silent" => Bytes(clips.Silent),
            "text" => new StringContent("These are words and no video."),
            _ => new ByteArrayContent([]),
        };
        using var form = new MultipartFormDataContent { { new StringContent(index.Id), "index_id" }, { bytes, "video_file", "a.mp4" } };

        var message = await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
        await AssertNoTaskAsync(index);
    }

    [Fact]
    public async Task A_silent_video_is_accepted_by_an_index_without_conversation()
    {
        using var form = Form(await server.AddIndexAsync(options: ["visual"]), clips.Silent);
        await CreatedAsync(form);
    }

    [Theory]
    [InlineData("language", "xx", "parameter_invalid", "language")]
    [InlineData("provide_transcription", "maybe", "parameter_invalid", "provide_transcription")]
    [InlineData("provide_transcription", "true", "transcription_url_not_exists", "transcription_url")]
    [InlineData("video_url", "ftp://example.org/a.mp4", "parameter_invalid", "video_url")]
    [InlineData("video_url", "not an address", "parameter_invalid", "video_url")]
    [InlineData("colour", "red", "parameter_unknown", "colour")]
    [InlineData("index_id", "abc", "parameter_invalid", "index_id")]
    public async Task A_wrong_field_is_refused_and_leaves_nothing(string field, string value, string code, string words)
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new MultipartFormDataContent
        {
            { Bytes(clips.WithSound), "video_file", "a.mp4" }, { new StringContent(value), field },
        };
        if (field != "index_id")
            form.Add(new StringContent(index.Id), "index_id");

        var message = await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, code);
        Assert.Contains(words, message, StringComparison.Ordinal);
        await AssertNoTaskAsync(index);
    }

    [Fact]
    public async Task A_missing_index_or_source_is_named()
    {
        using var withoutIndex = new MultipartFormDataContent { { Bytes(clips.WithSound), "video_file", "a.mp4" } };
        Assert.Contains("index_id",
            await _client.PostAsync("/v1.1/tasks", withoutIndex).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided"),
            StringComparison.Ordinal);
        using var withoutSource = new MultipartFormDataContent
        {
            { new StringContent((await server.AddIndexAsync(options: SeenAndHeard)).Id), "index_id" },
        };
        Assert.Contains("video_file, video_url",
            await _client.PostAsync("/v1.1/tasks", withoutSource).ErrorAsync(HttpStatusCode.BadRequest, "parameter_not_provided"),
            StringComparison.Ordinal);
        using var unknownIndex = new MultipartFormDataContent
        {
            { new StringContent("640080b29a4b2f0c1d3e5a02"), "index_id" }, { Bytes(clips.WithSound), "video_file", "a.mp4" },
        };
        await _client.PostAsync("/v1.1/tasks", unknownIndex).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        AssertNothingUnfinished();
    }

    [Theory]
    [InlineData("no subtitles at all")]
    [InlineData("1\n00:00:05,000 --> 00:00:0x,000\nHello\n")]
    public async Task A_transcription_that_is_neither_SRT_nor_VTT_is_refused(string text)
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = Form(index, clips.WithSound, ("provide_transcription", "true"));
        form.Add(new StringContent(text), "transcription_file", "a.srt");
        var message = await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.BadRequest, "transcription_not_supported");
        Assert.Contains("Line 1", message.Replace("Line 2", "Line 1", StringComparison.Ordinal), StringComparison.Ordinal);
        await AssertNoTaskAsync(index);
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=xyz", "this is no multipart body")]
    [InlineData("multipart/form-data; boundary=xyz",
        "--xyz\r\nContent-Disposition: form-data; name=\"video_file\"; filename=\"a\"\r\n\r\nthe end is missing")]
    [InlineData("multipart/form-data; boundary=xyz", "--xyz\r\nContent-Type: text/plain\r\n\r\nnameless\r\n--xyz--\r\n")]
    [InlineData("", "")]
    public async Task A_malformed_body_is_refused_and_leaves_nothing(string contentType, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        if (contentType.Length > 0)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        await _client.PostAsync("/v1.1/tasks", content).ErrorAsync(HttpStatusCode.BadRequest, "parameter_invalid");
        AssertNothingUnfinished();
    }

    [Fact]
    public async Task An_upload_is_refused_with_the_name_of_the_missing_model()
    {
        await using var withoutModel = await TestServer.StartAsync(server.Template, new Dictionary<string, string?>(),
            global::VideoUnderstanding.Inference.ModelRole.Speech);
        using var client = withoutModel.CreateClient();
        var index = await withoutModel.AddIndexAsync(options: SeenAndHeard);
        using var form = Form(index, clips.WithSound);
        Assert.Contains("speech",
            await client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.ServiceUnavailable, "model_unavailable"),
            StringComparison.Ordinal);

        using var visual = Form(await withoutModel.AddIndexAsync(options: ["visual"]), clips.WithSound);
        await client.PostAsync("/v1.1/tasks", visual).JsonAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task An_index_that_is_deleted_during_the_upload_gets_no_video()
    {
        var index = await server.AddIndexAsync(options: SeenAndHeard);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(index.Id), "index_id" },
            { new PausingContent(clips.WithSound, () => _client.DeleteAsync($"/v1.1/indexes/{index.Id}")), "video_file", "a.mp4" },
        };
        await _client.PostAsync("/v1.1/tasks", form).ErrorAsync(HttpStatusCode.NotFound, "resource_not_exist");
        await AssertNoTaskAsync(index);
    }

    private async Task<System.Text.Json.JsonElement> CreatedAsync(HttpContent form)
    {
        var taskId = (await _client.PostAsync("/v1.1/tasks", form).JsonAsync(HttpStatusCode.Created)).Id();
        return await _client.GetAsync($"/v1.1/tasks/{taskId}").JsonAsync();
    }

    private static MultipartFormDataContent Form(VideoIndex index, string clip, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { { new StringContent(index.Id), "index_id" }, { Bytes(clip), "video_file", "a.mp4" } };
        foreach (var (name, value) in fields)
            form.Add(new StringContent(value), name);
        return form;
    }

    private static StreamContent Bytes(string clip) => new(File.OpenRead(clip));

    private async Task AssertNoTaskAsync(VideoIndex index)
    {
        await using var db = server.Database.Open();
        Assert.False(await db.Tasks.AnyAsync(task => task.IndexId == index.Id));
        Assert.False(await db.Videos.AnyAsync(video => video.IndexId == index.Id));
        AssertNothingUnfinished();
    }

    private void AssertNothingUnfinished() => Assert.Empty(Directory.GetFiles(Path.Combine(server.Files.Root, "incoming")));
}
