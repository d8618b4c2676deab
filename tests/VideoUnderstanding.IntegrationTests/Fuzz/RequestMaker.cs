using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using VideoUnderstanding.IntegrationTests.Contract;

namespace VideoUnderstanding.IntegrationTests.Fuzz;

/// <summary>Generates requests to one operation of the published document. Most have one or several errors.</summary>
internal sealed class RequestMaker(DocumentFile document, Uri server, string key, IReadOnlyDictionary<string, string> known, Random random)
{
    private static readonly string[] Types = ["application/json", "text/plain", "application/xml", "multipart/form-data",
        "application/x-www-form-urlencoded", "nonsense", "application/json; charset=utf-16", "a/b; c=\""];

    private const int MaxAddressLength = 8000;

    private readonly BodyMaker _bodies = new(document, known, random);

    public HttpRequestMessage Make(string method, string path, JsonObject operation)
    {
        var address = new Uri(Address(path, operation), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), address) { Content = Body(operation) };
        if (random.Next(25) > 0)
            request.Headers.TryAddWithoutValidation("x-api-key", key);
        else if (random.Next(2) == 0)
            request.Headers.TryAddWithoutValidation("x-api-key", random.Next(2) == 0 ? "tlk_WRONG" : new string('k', 5000));
        if (random.Next(10) == 0)
            request.Headers.TryAddWithoutValidation("Accept", random.Next(2) == 0 ? "text/html" : ",;q=nonsense");
        return request;
    }

    /// <summary>Returns an address that is short enough for Kestrel.</summary>
    private string Address(string path, JsonObject operation)
    {
        string address;
        do
            address = server.GetLeftPart(UriPartial.Authority) + Path(path) + Query(operation);
        while (address.Length > MaxAddressLength);
        return address;
    }

    private string Path(string path)
    {
        foreach (var name in path.Split('/').SelectMany(part => part.Split('{', '}'))
            .Where(part => path.Contains($"{{{part}}}", StringComparison.Ordinal)).Distinct().ToList())
            path = path.Replace($"{{{name}}}",
                known.TryGetValue(name, out var id) && random.Next(3) > 0 ? id : EdgeCaseValues.AddressPart(random),
                StringComparison.Ordinal);
        return random.Next(12) switch
        {
            0 => path + "/", 1 => path + "//", 2 => path + "/" + EdgeCaseValues.AddressPart(random), _ => path,
        };
    }

    private string Query(JsonObject operation)
    {
        var names = (operation["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]!.ToString() == "query")
            .Select(parameter => parameter!["name"]!.ToString()).ToList();
        var fields = new List<string>();
        for (var count = random.Next(names.Count > 0 ? 4 : 2); count > 0; count--)
        {
            var name = names.Count > 0 && random.Next(6) > 0 ? names[random.Next(names.Count)] : EdgeCaseValues.AddressPart(random);
            name += random.Next(10) switch { 0 => "[gt]", 1 => "[", 2 => "[gte]", _ => "" };
            var value = known.TryGetValue(name, out var id) && random.Next(2) == 0 ? id : random.Next(8) == 0 ? "%zz%"
                : EdgeCaseValues.AddressPart(random);
            fields.Add(random.Next(15) == 0 ? name : $"{name}={value}");
        }
        return fields.Count == 0 ? "" : "?" + string.Join('&', random.Next(10) == 0 ? fields.Concat(fields) : fields);
    }

    private HttpContent? Body(JsonObject operation)
    {
        if (operation["requestBody"] is not { } described)
            return random.Next(8) == 0 ? Raw(Encoding.UTF8.GetBytes(EdgeCaseValues.Value(random))) : null;
        var (media, content) = described["content"]!.AsObject().First();
        if (media == "multipart/form-data" && random.Next(8) > 0)
            return _bodies.Form(content!["schema"]!);
        var json = Encoding.UTF8.GetBytes(_bodies.Json(content!["schema"]!));
        return Raw(random.Next(8) == 0 ? EdgeCaseValues.Broken(json, random) : json);
    }

    private ByteArrayContent Raw(byte[] bytes)
    {
        var content = new ByteArrayContent(bytes);
        if (random.Next(4) == 0)
            content.Headers.TryAddWithoutValidation("Content-Type", Types[random.Next(Types.Length)]);
        else
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }
}
