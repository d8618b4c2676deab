using System.Net;

namespace VideoUnderstanding.Data.Objects;

/// <summary>Answers that say nothing of what was asked for: the host is overloaded, being restarted, or behind a gateway that lost it.
/// Worth another try.</summary>
public static class TransientStatus
{
    public static bool IsTransient(this HttpStatusCode status)
        => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
