using Microsoft.Extensions.Options;
using VideoUnderstanding.Server.Limits;

namespace VideoUnderstanding.Server.Dashboard;

/// <summary>How often an address may try to log in.</summary>
internal sealed class LoginLimit(IOptions<DashboardOptions> options, TimeProvider clock)
{
    public TokenBuckets Tries { get; } = new(options.Value.LoginsPerMinute, options.Value.LoginBurst, clock);
}
