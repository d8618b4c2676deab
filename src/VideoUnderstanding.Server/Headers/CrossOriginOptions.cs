using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Errors;

namespace VideoUnderstanding.Server.Headers;

/// <summary>The origins whose pages may call the API. Section <c>VideoUnderstanding:Cors</c>.</summary>
public sealed class CrossOriginOptions
{
    public const string Section = "VideoUnderstanding:Cors";

    private static readonly TimeSpan PreflightLifetime = TimeSpan.FromHours(1);

    /// <summary>Origins such as <c>https://app.example.org</c>, or <c>*</c> for all; empty for none. A list, or one comma-separated
    /// text.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];

    internal static IReadOnlyList<string> Read(IConfigurationSection origins)
        => [.. origins.GetChildren().Select(entry => entry.Value).Prepend(origins.Value).OfType<string>()
            .SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Returns the policy for all paths except the API of the web app. Cookies are not allowed; keys are sent in a
    /// header.</summary>
    /// <returns>The policy, or null if no origin is allowed.</returns>
    internal CorsPolicy? Policy() => AllowedOrigins.Count > 0
        ? new CorsPolicyBuilder([.. AllowedOrigins]).AllowAnyHeader().AllowAnyMethod().SetPreflightMaxAge(PreflightLifetime)
            .WithExposedHeaders(ApiErrorMiddleware.VersionHeader, "Retry-After", "Content-Range", "Accept-Ranges").Build()
        : null;
}

/// <summary>Rejects values that are not an origin and would never match.</summary>
public sealed class CrossOriginOptionsValidator : IValidateOptions<CrossOriginOptions>
{
    public ValidateOptionsResult Validate(string? name, CrossOriginOptions options)
        => options.AllowedOrigins.FirstOrDefault(origin => origin != "*" && !IsOrigin(origin)) is { } wrong
            ? ValidateOptionsResult.Fail($"{CrossOriginOptions.Section}:AllowedOrigins: {wrong} is no origin. Write scheme, host and port, "
                + "such as https://app.example.org, with commas between, or * for all.")
            : ValidateOptionsResult.Success;

    private static bool IsOrigin(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && (address.Scheme is "http" or "https")
        && string.Equals(address.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
