using System.Net;
using System.Text.Json;

namespace VideoUnderstanding.EndToEndTests.Support;

/// <summary>A label of a classification response.</summary>
/// <param name="Ratio">Share of the video that its clips cover, 0 to 1.</param>
/// <param name="Clips">Start and end in seconds, option and prompt of each clip.</param>
public sealed record FoundLabel(
    string Name, double MaxScore, double Ratio, IReadOnlyList<(double Start, double End, string Option, string Prompt)> Clips)
{
    /// <summary>Classifies one video and returns its labels with their clips, best first.</summary>
    /// <param name="labels">Names and prompts.</param>
    public static async Task<IReadOnlyList<FoundLabel>> OfVideoAsync(
        ApiClient api, string videoId, object threshold, string[] options, params (string Name, string[] Prompts)[] labels)
    {
        var request = new
        {
            video_id = videoId, options, threshold, include_clips = true,
            labels = labels.Select(label => new { name = label.Name, prompts = label.Prompts }),
        };
        return AllOf((await api.SendAsync(HttpMethod.Post, "classify", request)).Expect(HttpStatusCode.OK));
    }

    public static IReadOnlyList<FoundLabel> AllOf(JsonElement video)
        => [.. video.GetProperty("labels").EnumerateArray().Select(label => new FoundLabel(
            label.GetProperty("name").GetString()!, label.GetProperty("max_score").GetDouble(),
            label.GetProperty("duration_ratio").GetDouble(),
            label.TryGetProperty("clips", out var clips) ? [.. clips.EnumerateArray().Select(Clip)] : []))];

    private static (double Start, double End, string Option, string Prompt) Clip(JsonElement clip)
        => (clip.GetProperty("start").GetDouble(), clip.GetProperty("end").GetDouble(), clip.GetProperty("option").GetString()!,
            clip.GetProperty("prompt").GetString()!);
}
