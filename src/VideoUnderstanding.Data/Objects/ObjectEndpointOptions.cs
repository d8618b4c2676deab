using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Where an S3-compatible store is, and with which key it is used.</summary>
public abstract class ObjectEndpointOptions
{
    /// <summary>Address of an S3-compatible store, as <c>https://store.example.org:9000</c>; none means AWS.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Region of the buckets. S3-compatible stores use it in signatures only.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>True for stores that know a bucket by the path (<c>host/bucket/key</c>), false for those that know it by the host
    /// (<c>bucket.host/key</c>).</summary>
    public bool PathStyle { get; set; }

    /// <summary>With <see cref="SecretKey"/>; without both, AWS's own chain of credentials is asked (environment, profile, role of the
    /// machine).</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>What is wrong with these settings, each a sentence.</summary>
    protected IEnumerable<string> EndpointFaults()
    {
        if (string.IsNullOrWhiteSpace(Region) || !Region.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_'))
            yield return "Region must be a name like us-east-1.";
        if (Endpoint is { Length: > 0 } && !IsEndpoint(Endpoint))
            yield return $"Endpoint: {Endpoint} is not an address like https://store.example.org:9000.";
        if (string.IsNullOrEmpty(AccessKey) != string.IsNullOrEmpty(SecretKey))
            yield return "AccessKey and SecretKey belong together.";
    }

    private static bool IsEndpoint(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            && address is { Host.Length: > 0, UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" };
}
