using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.TestAssets;

/// <summary>A request of the Postman collection.</summary>
/// <param name="Path">Path without the base address; the parts are joined by slashes.</param>
/// <param name="Body">Body in the format of Postman. Null for a request without a body.</param>
/// <param name="Assertions">Names of the tests of the request.</param>
public sealed record PostmanRequest(
    string Name, string Method, string Path, IReadOnlyList<string> Query, JsonObject? Body, IReadOnlyList<string> Assertions);

/// <summary>The requests of the collection in <c>deploy/postman</c>, in order.</summary>
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
