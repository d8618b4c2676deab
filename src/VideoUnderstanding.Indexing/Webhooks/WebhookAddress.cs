using System.Net;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Data.Webhooks;
using VideoUnderstanding.Indexing.Fetching;

namespace VideoUnderstanding.Indexing.Webhooks;

/// <summary>Validates the URL of a webhook endpoint. The resolved address is checked again at every connection.</summary>
public sealed class WebhookAddress(IOptions<WebhookOptions> options, GuardedConnections connections)
{
    /// <summary>Returns an error message; null if the URL is valid.</summary>
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
