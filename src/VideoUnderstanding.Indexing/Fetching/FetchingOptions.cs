using System.ComponentModel.DataAnnotations;
using System.Net;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>Settings for downloads from user-provided URLs. Section <c>VideoUnderstanding:Fetching</c>.</summary>
public sealed class FetchingOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Fetching";

    /// <summary>Allows private, loopback and link-local networks. Only for closed networks: users could read anything that the server can
    /// reach.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Private networks that are allowed, for example <c>10.20.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Maximum redirects; each target is checked like the first URL.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Connect timeout in seconds.</summary>
    [Range(0.1, 300)]
    public double ConnectSeconds { get; set; } = 15;

    /// <summary>Idle timeout in seconds: time without received bytes.</summary>
    [Range(0.1, 600)]
    public double IdleSeconds { get; set; } = 30;

    /// <summary>Timeout of a whole download in seconds.</summary>
    [Range(1, 86_400)]
    public double TotalSeconds { get; set; } = 3600;

    /// <summary>Maximum size of a transcript in bytes. <c>VideoUnderstanding:Limits:MaxBytes</c> limits videos.</summary>
    [Range(1, int.MaxValue)]
    public long MaxTranscriptBytes { get; set; } = Transcripts.SubtitleParser.MaxBytes;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _))
            .Select(
                network
                    => new ValidationResult($"AllowedNetworks: {network} is not a network like 10.20.0.0/16.", [nameof(AllowedNetworks)]));
}
