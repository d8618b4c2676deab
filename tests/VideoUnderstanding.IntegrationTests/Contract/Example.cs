using System.Net.Http.Headers;
using System.Text.Json;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Contract;

/// <summary>One example of the contract: a request and its response.</summary>
public sealed class Example
{
    private readonly JsonElement _request;
    private readonly JsonElement _response;

    private Example(JsonElement root) => (_request, _response) = (root.GetProperty("request"), root.GetProperty("response"));

    public HttpMethod Method => new(_request.GetProperty("method").GetString()!);

    /// <summary>Path and query of the request.</summary>
    public string Address => _request.GetProperty("path").GetString() + Query();

    public string Key => _request.GetProperty("headers").GetProperty("x-api-key").GetString()!;

    public int Status => _response.GetProperty("status").GetInt32();

    /// <summary>Null for a response without a body.</summary>
    public JsonElement? Body
        => _response.GetProperty("headers").TryGetProperty("Content-Type", out _) ? _response.GetProperty("body") : null;

    public IReadOnlyDictionary<string, string> Headers
        => _response.GetProperty("headers").EnumerateObject().ToDictionary(header => header.Name, header => header.Value.GetString()!);

    public static Example Read(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(ContractFolder.File(Path.Combine("examples", name + ".json"))));
        return new Example(document.RootElement.Clone());
    }

    public static IReadOnlyList<string> Names()
        => [.. Directory.GetFiles(ContractFolder.File("examples"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal)];

    /// <param name="key">Replaces the key of the example.</param>
    /// <param name="address">Replaces the address of the example.</param>
    /// <param name="video">Path of the file that is sent if the example uploads a video.</param>
    public HttpRequestMessage ToRequest(string key, string address, string video)
    {
        var request = new HttpRequestMessage(Method, address) { Content = Content(video) };
        request.Headers.Add("x-api-key", key);
        return request;
    }

    private string Query() => _request.TryGetProperty("query", out var query)
        ? "?"
            + string.Join('&',
                query.EnumerateObject()
                    .Select(field => $"{Uri.EscapeDataString(field.Name)}={Uri.EscapeDataString(field.Value.GetString()!)}"))
        : "";

    private HttpContent? Content(string video)
    {
        if (_request.TryGetProperty("body", out var body))
            return new StringContent(body.GetRawText(), new MediaTypeHeaderValue("application/json"));
        if (!_request.TryGetProperty("form", out var fields))
            return null;
        var form = new MultipartFormDataContent();
        foreach (var field in fields.EnumerateObject())
            if (field.Name == "video_file")
                form.Add(new ByteArrayContent(File.ReadAllBytes(video)), field.Name, "quay-north.mp4");
            else if (_request.TryGetProperty("files", out var files) && files.TryGetProperty(field.Name, out var file))
                form.Add(new StringContent(file.GetProperty("content").GetRawText()), field.Name,
                    file.GetProperty("filename").GetString()!);
            else
                form.Add(new StringContent(field.Value.GetString()!), field.Name);
        return form;
    }
}
