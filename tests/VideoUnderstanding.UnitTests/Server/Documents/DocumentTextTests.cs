using System.Text.Json.Nodes;
using VideoUnderstanding.Server.Documents;

namespace VideoUnderstanding.UnitTests.Server.Documents;

public sealed class DocumentTextTests
{
    [Fact]
    public void The_document_is_cached_and_names_the_address_of_each_client()
    {
        var made = 0;
        var document = new DocumentText(() =>
        {
            made++;
            return new JsonObject { ["servers"] = new JsonArray(new JsonObject { ["url"] = $"{DocumentText.Address}/v1.1" }) };
        });

        foreach (var address in (string[])["http://127.0.0.1:8080", "https://video.example.org", "https://a\"b"])
            Assert.Equal($"{address}/v1.1", JsonNode.Parse(document.For(address))!["servers"]![0]!["url"]!.GetValue<string>());
        Assert.Equal(1, made);
    }
}
