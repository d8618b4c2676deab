using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Server.Api.Videos;

/// <summary>How clients reach the server from outside.</summary>
public sealed class PublicAddressOptions
{
    public const string Section = "VideoUnderstanding";

    /// <summary>Base of the addresses in answers, for example <c>https://video.example.org</c>. Default: scheme and host of the
    /// request.</summary>
    [Url]
    public string? PublicAddress { get; set => field = string.IsNullOrWhiteSpace(value) ? null : value; }

    /// <summary>The base as the client of this request may use it, without a slash at the end.</summary>
    public string RootOf(HttpRequest request) => PublicAddress?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
