using System.Text.Json.Nodes;
using VideoUnderstanding.IntegrationTests.Support;
using VideoUnderstanding.TestAssets;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>An OpenAPI document: that of the contract, or the one that the server publishes.</summary>
internal sealed class DocumentFile(JsonObject root)
{
    public JsonObject Root => root;

    /// <summary>Path prefixes of published operations outside v1.1, which the contract does not contain.</summary>
    public const string Administration = "/admin/", Media = "/media/";

    /// <summary>Operations of v1.1. The keys are method and path, such as "get /indexes/{index-id}".</summary>
    public IReadOnlyDictionary<string, DocumentOperation> Operations()
        => Operations(path => !path.StartsWith(Administration, StringComparison.Ordinal)
            && !path.StartsWith(Media, StringComparison.Ordinal));

    /// <summary>Operations of the administration API.</summary>
    public IReadOnlyDictionary<string, DocumentOperation> AdministrationOperations()
        => Operations(path => path.StartsWith(Administration, StringComparison.Ordinal));

    private Dictionary<string, DocumentOperation> Operations(Func<string, bool> isWanted) =>
        (from path in root["paths"]!.AsObject()
         where isWanted(path.Key)
         from operation in path.Value!.AsObject()
         where operation.Key is not ("parameters" or "servers")
         select new DocumentOperation(this, path.Value!["parameters"]?.AsArray(), operation.Value!.AsObject(),
             $"{operation.Key} {path.Key}")).ToDictionary(operation => operation.Name);

    public static DocumentFile OfContract()
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(ContractFolder.File("openapi-v1.1.yaml"));
        yaml.Load(reader);
        return new DocumentFile(Convert(yaml.Documents[0].RootNode)!.AsObject());
    }

    public static async Task<DocumentFile> OfServerAsync(TestServer server)
    {
        using var client = server.CreateClient(withKey: false);
        return new DocumentFile(JsonNode.Parse(await client.GetStringAsync("/openapi/v1.1.json"))!.AsObject());
    }

    /// <summary>Follows references until it finds a schema without a reference.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        while (node["$ref"] is { } reference)
            node = ((string)reference!)[2..].Split('/')
                .Aggregate((JsonNode)root,
                    (found, step) => found[step] ?? throw new InvalidOperationException($"{reference} leads nowhere."));
        return node.AsObject();
    }

    /// <summary>Converts YAML to JSON. Scalar values become texts, because only names are compared.</summary>
    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map
            => new JsonObject(map.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" } => null,
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };
}

/// <summary>One operation of a document.</summary>
/// <param name="shared">Parameters that are declared for the path.</param>
internal sealed class DocumentOperation(DocumentFile document, JsonArray? shared, JsonObject written, string name)
{
    public string Name => name;

    public string Id => (string)written["operationId"]!;

    public string Tag => (string)written["tags"]![0]!;

    /// <summary>Parameters such as "query page". Required ones end with an asterisk.</summary>
    public IEnumerable<string> Parameters => (shared ?? []).Concat(written["parameters"]?.AsArray() ?? [])
        .Select(parameter => document.Resolve(parameter!))
        .Select(parameter => $"{parameter["in"]} {parameter["name"]}{(parameter["required"]?.ToString() == "true" ? "*" : "")}");

    public IEnumerable<int> Statuses
        => written["responses"]!.AsObject().Select(response => int.Parse(response.Key, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Media type and members of the request body; <see cref="SchemaMembers.None"/> without a body.</summary>
    public SchemaMembers Request => written["requestBody"] is { } body ? Members(document.Resolve(body), name) : SchemaMembers.None;

    public SchemaMembers Answer(int status) => Members(document.Resolve(written["responses"]![$"{status}"]!), $"{name} {status}");

    private SchemaMembers Members(JsonObject body, string place) => (body["content"]?.AsObject().ToList() ?? []) switch
    {
        [] => SchemaMembers.None,
        [var content] => SchemaMembers.Of(document, content.Key, content.Value!["schema"]!),
        _ => throw new InvalidOperationException($"{place} has several media types."),
    };
}
