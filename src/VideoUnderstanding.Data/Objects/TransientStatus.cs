using System.Net;

namespace VideoUnderstanding.Data.Objects;

/// <summary>HTTP statuses of temporary failures (overload, restart, gateway errors), after which a retry may succeed.</summary>
public static class TransientStatus
{
    public static bool IsTransient(this HttpStatusCode status)
        => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or HttpStatusCode.InternalServerError
            or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
