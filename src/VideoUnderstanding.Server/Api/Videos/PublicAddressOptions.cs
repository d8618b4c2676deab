using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>The address by which clients reach the server.</summary>
public sealed class PublicAddressOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Base of the addresses in responses, for example <c>https://video.example.org</c>. Default: scheme and host of the
    /// request.</summary>
    [Url]
    public string? PublicAddress { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>Returns the base for this request, without a trailing slash.</summary>
    public string RootOf(HttpRequest request) => PublicAddress?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
