using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>How often an address may try a password.</summary>
internal sealed class SignInLimit(IOptions<AppOptions> options, TimeProvider clock)
{
    public TokenBuckets Attempts { get; } = new(options.Value.SignInsPerMinute, options.Value.SignInBurst, clock);
}
