using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using VideoUnderstanding.Data.Entities;
using VideoUnderstanding.IntegrationTests.Search;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.Search;

namespace VideoUnderstanding.IntegrationTests.Classify;

/// <summary>Classification requests, and the videos that the tests classify.</summary>
internal static class ClassifyCalls
{
    public static readonly string[] Visual = ["visual"];

    public static object Label(string name, params string[] prompts) => new { name, prompts };

    public static void AddColours(this IServiceCollection services) => services.AddSingleton<IQueryVectors, ColourVectors>();

    public static async Task<JsonElement> PostAsync(this TestServer server, string path, object body)
    {
        using var client = server.CreateClient();
        return await client.PostAsJsonAsync(path, body).JsonAsync();
    }

    public static async Task<JsonElement> PageAsync(this TestServer server, string token)
    {
        using var client = server.CreateClient();
        return await client.GetAsync($"/v1.1/classify/{token}").JsonAsync();
    }

    /// <summary>Adds a video of 60.5 seconds with one frame per second. Each part is a shot of one colour.</summary>
    public static async Task<Video> AddColoursAsync(
        this TestServer server, VideoIndex index, params (int Seconds, string Colour, double Cosine)[] parts)
    {
        var (video, _) = await server.AddVideoAsync(index);
        await server.Database.AddFramesAsync(video, parts);
        return video;
    }

    public static JsonElement[] Labels(this JsonElement answer, string name = "labels") => [.. answer.GetProperty(name).EnumerateArray()];

    public static string[] LabelNames(this JsonElement answer)
        => [.. answer.Labels().Select(label => label.GetProperty("name").GetString()!)];

    public static double Number(this JsonElement element, string member) => element.GetProperty(member).GetDouble();

    public static string? Text(this JsonElement element, string member)
        => element.TryGetProperty(member, out var value) ? value.GetString() : null;
}
