using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace VideoUnderstanding.Server.Limits;

/// <summary>Whose word counts on where a request came from. Section <c>VideoUnderstanding:Proxy</c>.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Proxy";

    /// <summary>Networks of the proxies before this server, as <c>10.0.0.5/32</c>. Only from these are <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> believed.</summary>
    public IList<string> TrustedNetworks { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => TrustedNetworks.Where(network => !IPNetwork.TryParse(network, out _))
            .Select(
                network
                    => new ValidationResult($"TrustedNetworks: {network} is not a network like 10.0.0.5/32.", [nameof(TrustedNetworks)]));

    /// <summary>Reads from the right as long as each hop is a trusted one: what a client made up stands further left and is never
    /// reached.</summary>
    public ForwardedHeadersOptions Forwarding()
    {
        var forwarding = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto, ForwardLimit = null,
        };
        forwarding.KnownProxies.Clear();
        forwarding.KnownIPNetworks.Clear();
        foreach (var network in TrustedNetworks)
            forwarding.KnownIPNetworks.Add(IPNetwork.Parse(network));
        return forwarding;
    }
}
