using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pgvector;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Media.Tools;

namespace VideoUnderstanding.IntegrationTests.Logos;

/// <summary>Creates videos, logo regions and requests for the logo tests.</summary>
internal static class LogoBench
{
    public static readonly string[] Options = ["visual", "conversation", "text_in_video", "logo"];

    /// <summary>Adds an index with the option logo, and a video with the given regions.</summary>
    public static async Task<(VideoIndex Index, Video Video)> AddLogoVideoAsync(
        this TestServer server, string? accountId, params (double Start, double End, string Colour, double Cosine)[] regions)
    {
        var index = await server.AddIndexAsync(options: Options, accountId: accountId);
        var (video, _) = await server.AddVideoAsync(index);
        await server.SaveAsync(
            [.. regions.Select(
                region => (object)Region(video, region.Start, region.End, ColourVectors.Picture(region.Colour, region.Cosine)))]);
        return (index, video);
    }

    public static LogoRegion Region(Video video, double start, double end, HalfVector vector)
        => new()
        {
            IndexId = video.IndexId, VideoId = video.Id, Start = start, End = end, Left = 0.1f, Top = 0.2f, Width = 0.3f, Height = 0.4f,
            Embedding = vector,
        };

    /// <summary>Adds screen text that is far from all colour vectors.</summary>
    public static Task AddLinesAsync(this TestServer server, Video video, params (double Start, double End, string Text)[] lines)
        => server.Database.AddTextAsync(video, TextSource.Screen, lines);

    /// <summary>Creates a picture of one colour with FFmpeg. FFmpeg's name for full green is lime.</summary>
    public static async Task<byte[]> PictureAsync(string colour, string codec = "png", string size = "64x48")
        => (await ToolProcess.RunAsync("ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", $"color={(colour == "green" ? "lime" : colour)}:size={size}:duration=1", "-frames:v", "1",
                "-f", "image2pipe", "-c:v", codec, "-"],
            new ToolLimits(), CancellationToken.None)).Bytes;

    public static MultipartFormDataContent Form(string? name, byte[]? picture)
    {
        var form = new MultipartFormDataContent();
        if (name is not null)
            form.Add(new StringContent(name), "name");
        if (picture is not null)
            form.Add(new ByteArrayContent(picture), "file", "logo.png");
        return form;
    }

    /// <summary>Adds a picture of one colour to the gallery of the key's account.</summary>
    public static async Task<string> AddLogoAsync(this HttpClient client, string name, string colour)
        => (await client.PostAsync("/admin/logos", Form(name, await PictureAsync(colour))).JsonAsync(HttpStatusCode.Created)).Id();

    /// <summary>Empties the gallery of the key's account.</summary>
    public static async Task RemoveLogosAsync(this HttpClient client)
    {
        foreach (var logo in (await client.GetAsync("/admin/logos").JsonAsync()).Data())
            await client.DeleteAsync($"/admin/logos/{logo.Id()}").EmptyAsync(HttpStatusCode.NoContent);
    }

    public static async Task<JsonElement[]> SearchAsync(
        this HttpClient client, string indexId, string query, string threshold = "low", params string[] options)
        => (await client.PostAsJsonAsync("/v1.1/search",
            new { index_id = indexId, query, search_options = options.Length == 0 ? ["logo"] : options, threshold }).JsonAsync()).Data();

    public static Task<JsonElement> LogosOfAsync(this HttpClient client, Video video, string query = "")
        => client.GetAsync($"/v1.1/indexes/{video.IndexId}/videos/{video.Id}/logo{query}").JsonAsync();

    public static (double Start, double End, string Text) TimesAndText(this JsonElement clip)
        => (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble(),
            clip.GetProperty("metadata")[0].GetProperty("text").GetString()!);
}
