using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using VideoUnderstanding.EndToEndTests.Support;

namespace VideoUnderstanding.EndToEndTests.Backups;

/// <summary>All responses that a client can get from a server about finished work, by request.</summary>
/// <param name="settled">Indexes whose content no longer changes. Only these are recorded.</param>
/// <param name="pages">Paths of result pages that were stored before the backup.</param>
/// <param name="events">Identifiers of delivered webhook events.</param>
internal sealed partial class Recording(IReadOnlyList<string> settled, IReadOnlyList<string> pages, IReadOnlyList<string> events)
{
    /// <summary>Fields that differ between two responses of the same server.</summary>
    private static readonly string[] VolatileFields = ["page_expired_at", "next_page_token", "prev_page_token", "video_url"];

    /// <summary>Writes no escape sequences, so that <see cref="PictureAddress"/> matches addresses.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Path, Func<string, object> Body)[] Requests =
    [
        ("search", index => new { index_id = index, query = "pink", search_options = new[] { "visual" }, threshold = "none" }),
        ("search",
            index => new { index_id = index, query = "water my plants", search_options = new[] { "conversation" }, threshold = "none" }),
        ("search",
            index => new { index_id = index, query = "train tickets", search_options = new[] { "text_in_video" }, threshold = "none" }),
        ("search",
            index => new
            {
                index_id = index, query = "black", search_options = new[] { "visual", "conversation" }, threshold = "low",
                group_by = "video",
            }),
        ("search",
            index => new
            {
                index_id = index, query = "pink", search_options = new[] { "visual" }, threshold = "none", filter = new { shelf = 7 },
            }),
        ("beta/search",
            index => new
            {
                index_id = index,
                query = new Dictionary<string, object> { ["$or"] = new[] { new { text = "pink" }, new { text = "black" } } },
                search_options = new[] { "visual" },
            }),
        ("classify/bulk",
            index => new
            {
                index_id = index, options = new[] { "visual", "conversation" }, threshold = "low", include_clips = true,
                labels = new[] { new { name = "dark", prompts = new[] { "black" } }, new { name = "pale", prompts = new[] { "pink" } } },
            }),
    ];

    public async Task<SortedDictionary<string, string>> TakeAsync(HttpClient http)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        async Task<JsonNode?> GetAsync(string path)
        {
            using var response = await http.GetAsync(path);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync());
            answers[path] = $"{(int)response.StatusCode} {await NormaliseAsync(http, answer)}";
            return answer;
        }
        string[] fixedPaths = ["/v1.1/engines", "/v1.1/engines/marengo2", "/v1.1/indexes?page_limit=50&index_name=kept", "/admin/webhooks",
            .. pages.Select(page => "/v1.1/" + page), .. events.Select(id => "/admin/webhooks/events/" + id)];
        foreach (var path in fixedPaths)
            await GetAsync(path);
        foreach (var hook in (await GetAsync("/admin/webhooks"))!["data"]!.AsArray())
            foreach (var part in new[] { "", "/secret", "/attempts?page_limit=50" })
                await GetAsync($"/admin/webhooks/{hook!["_id"]}{part}");
        foreach (var index in settled)
        {
            foreach (var path in new[] { $"/v1.1/indexes/{index}", $"/v1.1/tasks/status?index_id={index}" })
                await GetAsync(path);
            foreach (var task in Elements(await GetAsync($"/v1.1/tasks?index_id={index}&page_limit=50")))
                await GetAsync($"/v1.1/tasks/{task["_id"]}");
            foreach (var video in Elements(await GetAsync($"/v1.1/indexes/{index}/videos?page_limit=50")))
                await RecordVideoAsync(http, $"/v1.1/indexes/{index}/videos/{video["_id"]}", GetAsync, answers);
            foreach (var (number, request) in Requests.Index())
            {
                using var response = await http.PostAsJsonAsync("/v1.1/" + request.Path, request.Body(index));
                answers[$"POST {request.Path} {number} {index}"] =
                    $"{(int)response.StatusCode} {await NormaliseAsync(http, await response.Content.ReadFromJsonAsync<JsonNode>())}";
            }
        }
        return answers;
    }

    private static async Task RecordVideoAsync(
        HttpClient http, string video, Func<string, Task<JsonNode?>> getAsync, SortedDictionary<string, string> answers)
    {
        foreach (var part in new[] { "", "/transcription", "/text-in-video", "/logo" })
            await getAsync(video + part);
        foreach (var time in new[] { "", "?time=2.5" })
        {
            using var response = await http.GetAsync($"{video}/thumbnail{time}");
            var address = (string?)(await response.Content.ReadFromJsonAsync<JsonNode>())?["thumbnail"];
            // The signed address changes with the time, so the hash of the picture is recorded.
            answers[$"{video}/thumbnail{time}"] =
                $"{(int)response.StatusCode} {(address is null ? "" : await PictureAsync(http, address))}";
        }
    }

    private static IEnumerable<JsonNode> Elements(JsonNode? list) => list?["data"]?.AsArray().OfType<JsonNode>().ToList() ?? [];

    /// <summary>Returns the response as text without the volatile fields. The signed address of a picture changes with the time, so the
    /// hash of the picture replaces it.</summary>
    private static async Task<string> NormaliseAsync(HttpClient http, JsonNode? answer)
    {
        RemoveVolatileFields(answer);
        var text = answer?.ToJsonString(Readable) ?? "";
        foreach (var address in PictureAddress().Matches(text).Select(match => match.Value).Distinct().ToList())
            text = text.Replace(address, await PictureAsync(http, address), StringComparison.Ordinal);
        return text;
    }

    private static async Task<string> PictureAsync(HttpClient http, string address)
        => Convert.ToHexStringLower(SHA256.HashData(await http.GetByteArrayAsync(address)));

    private static void RemoveVolatileFields(JsonNode? node)
    {
        if (node is JsonObject parent)
            foreach (var name in parent.Select(member => member.Key).ToList())
                if (VolatileFields.Contains(name))
                    parent[name] = null;
                else
                    RemoveVolatileFields(parent[name]);
        if (node is JsonArray list)
            foreach (var element in list)
                RemoveVolatileFields(element);
    }

    [GeneratedRegex("http://[^\"]*/media/thumbnails/[^\"]*")]
    private static partial Regex PictureAddress();
}
