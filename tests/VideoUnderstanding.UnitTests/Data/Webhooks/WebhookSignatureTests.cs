using System.Text;
using VideoUnderstanding.Data.Webhooks;

namespace VideoUnderstanding.UnitTests.Data.Webhooks;

public sealed class WebhookSignatureTests
{
    /// <summary>The contract's example of an event.</summary>
    private const string Body =
        """{"id":"whe_7f3c1a90b2d84e5fa6c1d2e3f4a5b6c7","created_at":"2023-03-02T10:52:41.004Z","type":"index.task.ready","data":"""
        + """{"id":"64007e509a4b2f0c1d3e5b10","metadata":{"duration":531.998133}"""
            + ""","status":"ready","engine":"marengo2","index_options":["visual","conversation","text_in_video"],"tags":[]}}""";

    [Fact]
    public void The_signature_of_the_example_equals_that_of_the_contract()
        => Assert.Equal("t=1677754361,v1=2d02e676ea9d3806e9f20d72c12ad857fccda17b9cc5e472ebf3cbe6aed80ee0",
            WebhookSignature.Of("example-webhook-secret", DateTimeOffset.FromUnixTimeSeconds(1677754361), Encoding.UTF8.GetBytes(Body)));

    /// <summary>The expected signature was computed with: printf '1700000000.{"a":"é"}' | openssl dgst -sha256 -hmac 'whsec_ü'.</summary>
    [Fact]
    public void Secret_and_body_are_signed_as_UTF_8()
        => Assert.Equal("t=1700000000,v1=9558782f26158a12e6a6d9c513de6255b3d35934066496c0bb3b7227b8269ea4",
            WebhookSignature.Of("whsec_ü", DateTimeOffset.FromUnixTimeSeconds(1700000000), Encoding.UTF8.GetBytes("""{"a":"é"}""")));

    [Fact]
    public void Secrets_are_long_and_different()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToList();
        Assert.Equal(100, secrets.Distinct().Count());
        Assert.All(secrets, secret => Assert.Matches("^whsec_[0-9a-f]{64}$", secret));
    }
}
