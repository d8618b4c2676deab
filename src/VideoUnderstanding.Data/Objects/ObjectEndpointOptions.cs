using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Endpoint and credentials of an S3-compatible store.</summary>
public abstract class ObjectEndpointOptions
{
    /// <summary>URL of the store, for example <c>https://store.example.org:9000</c>; null means AWS.</summary>
    public string? Endpoint { get; set; }

    /// <summary>Region of the buckets. Other stores than AWS use it in signatures only.</summary>
    [Required]
    public string Region { get; set; } = "us-east-1";

    /// <summary>True for path-style URLs (<c>host/bucket/key</c>), false for virtual-hosted style (<c>bucket.host/key</c>).</summary>
    public bool PathStyle { get; set; }

    /// <summary>Access key, together with <see cref="SecretKey"/>. Without both, the default credential chain of AWS is used (environment,
    /// profile, machine role).</summary>
    public string? AccessKey { get; set; }

    public string? SecretKey { get; set; }

    /// <summary>Returns the validation errors of these settings.</summary>
    protected IEnumerable<string> EndpointErrors()
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
