using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace VideoUnderstanding.Server.Limits;

/// <summary>The proxies whose forwarded headers are used. Section <c>VideoUnderstanding:Proxy</c>.</summary>
public sealed class ProxyOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Proxy";

    /// <summary>Networks of the proxies, for example <c>10.0.0.5/32</c>. <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> of other
    /// clients are ignored.</summary>
    public IList<string> TrustedNetworks { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => TrustedNetworks.Where(network => !IPNetwork.TryParse(network, out _))
            .Select(
                network
                    => new ValidationResult($"TrustedNetworks: {network} is not a network like 10.0.0.5/32.", [nameof(TrustedNetworks)]));

    /// <summary>The headers are read from the right while the hops are trusted, so entries added by clients are not used.</summary>
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
