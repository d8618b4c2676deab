using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>The text of the OpenAPI document. It is created at the first request, when all routes are known, and cached; only the server
/// address is replaced per request.</summary>
/// <param name="make">Creates the document with the server address <see cref="Address"/>.</param>
internal sealed class DocumentText(Func<JsonObject> make)
{
    /// <summary>Placeholder of the server address; no server can have it.</summary>
    public const string Address = "http://address.invalid";

    private readonly Lazy<string> _text = new(() => make().ToJsonString());

    /// <param name="address">Scheme and host of the server.</param>
    public string For(string address) => _text.Value.Replace(Address, JsonEncodedText.Encode(address).ToString(), StringComparison.Ordinal);
}
