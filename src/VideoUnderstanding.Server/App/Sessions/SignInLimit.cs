using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.App.Sessions;

/// <summary>Limits sign-in attempts per client address.</summary>
internal sealed class SignInLimit(IOptions<AppOptions> options, TimeProvider clock)
{
    public TokenBuckets Attempts { get; } = new(options.Value.SignInsPerMinute, options.Value.SignInBurst, clock);
}
