using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.TestAssets;

/// <summary>A request of the Postman collection.</summary>
/// <param name="Path">Without the base, its parts joined by slashes.</param>
/// <param name="Body">As Postman writes it; null without one.</param>
/// <param name="Assertions">Names of its tests.</param>
public sealed record PostmanRequest(
    string Name, string Method, string Path, IReadOnlyList<string> Query, JsonObject? Body, IReadOnlyList<string> Assertions);

/// <summary>The collection of <c>deploy/postman</c>, in its order.</summary>
public static partial class PostmanCollection
{
    public static string File { get; } = ProjectFolder.File("deploy/postman/VideoUnderstanding.postman_collection.json");

    public static IReadOnlyList<PostmanRequest> Requests()
        => [.. JsonNode.Parse(System.IO.File.ReadAllText(File))!["item"]!.AsArray().SelectMany(folder => folder!["item"]!.AsArray())
            .Select(item => Read(item!.AsObject()))];

    private static PostmanRequest Read(JsonObject item)
    {
        var (request, script) = (item["request"]!, item["event"]![0]!["script"]!["exec"]!.AsArray());
        return new PostmanRequest(
            item["name"]!.ToString(),
            request["method"]!.ToString(),
            string.Join('/', request["url"]!["path"]!.AsArray()),
            [.. (request["url"]!["query"]?.AsArray() ?? []).Select(field => field!["key"]!.ToString())],
            request["body"]?.AsObject(),
            [.. script.SelectMany(line => Test().Matches(line!.ToString())).Select(match => match.Groups[1].Value)]);
    }

    [GeneratedRegex(@"pm\.test\('([^']+)'")]
    private static partial Regex Test();
}
