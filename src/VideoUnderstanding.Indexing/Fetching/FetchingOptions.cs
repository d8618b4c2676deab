using System.ComponentModel.DataAnnotations;
using System.Net;

namespace VideoUnderstanding.Indexing.Fetching;

/// <summary>How addresses that users give are fetched. Section <c>VideoUnderstanding:Fetching</c>.</summary>
public sealed class FetchingOptions : IValidatableObject
{
    public const string Section = "VideoUnderstanding:Fetching";

    /// <summary>Also fetch from private, loopback and link-local networks. Only for closed networks: users could read what the server can
    /// reach.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <summary>Networks that are allowed although they are private, for example <c>10.20.0.0/16</c>.</summary>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Redirects followed, each checked like the first address.</summary>
    [Range(0, 20)]
    public int MaxRedirects { get; set; } = 5;

    /// <summary>Seconds to reach the host.</summary>
    [Range(0.1, 300)]
    public double ConnectSeconds { get; set; } = 15;

    /// <summary>Seconds without a byte after which a fetch is given up.</summary>
    [Range(0.1, 600)]
    public double IdleSeconds { get; set; } = 30;

    /// <summary>Seconds for a whole fetch.</summary>
    [Range(1, 86_400)]
    public double TotalSeconds { get; set; } = 3600;

    /// <summary>Bytes of a transcript, at most. The limit of videos is <c>VideoUnderstanding:Limits:MaxBytes</c>.</summary>
    [Range(1, int.MaxValue)]
    public long MaxTranscriptBytes { get; set; } = Transcripts.SubtitleParser.MaxBytes;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
        => AllowedNetworks.Where(network => !IPNetwork.TryParse(network, out _))
            .Select(
                network
                    => new ValidationResult($"AllowedNetworks: {network} is not a network like 10.20.0.0/16.", [nameof(AllowedNetworks)]));
}
