using System.Text.Json;
using System.Text.Json.Nodes;

namespace VideoUnderstanding.Server.Documents;

/// <summary>The document as it is sent: made at the first request, when all routes are known, and from then on only given the address by
/// which each client came. Anybody may ask for it.</summary>
/// <param name="make">Writes the document of a server at <see cref="Address"/>.</param>
internal sealed class DocumentText(Func<JsonObject> make)
{
    /// <summary>Stands for the address; no server can have it.</summary>
    public const string Address = "http://address.invalid";

    private readonly Lazy<string> _text = new(() => make().ToJsonString());

    /// <param name="address">Scheme and host of the server.</param>
    public string For(string address) => _text.Value.Replace(Address, JsonEncodedText.Encode(address).ToString(), StringComparison.Ordinal);
}
