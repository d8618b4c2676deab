using System.Net;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Fetching;

namespace VideoUnderstanding.Indexing.Webhooks;

/// <summary>What the address of an endpoint must be like. Where its name leads is checked again at every connection.</summary>
public sealed class WebhookAddress(IOptions<WebhookOptions> options, GuardedConnections connections)
{
    /// <summary>A sentence that says what is wrong with the address; null when nothing is.</summary>
    public string? Check(string url)
    {
        try
        {
            var address = UserAddress.Parse(url);
            if (address.Scheme != Uri.UriSchemeHttps && !options.Value.AllowHttp)
                return "Only https addresses are notified.";
            if (address.Fragment.Length > 0)
                return "An address with a fragment (#) can not be notified.";
            return IPAddress.TryParse(address.IdnHost, out var literal) && !connections.Allows(literal)
                ? "The address is not on the public internet."
                : null;
        }
        catch (FetchException refused)
        {
            return refused.Message;
        }
    }
}
