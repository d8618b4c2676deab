using VideoUnderstanding.Data;
using VideoUnderstanding.Data.Storage;

namespace VideoUnderstanding.Server.Telemetry;

/// <summary>Settings of metrics, traces and logs. The address of an OTLP collector comes from the standard variables of OpenTelemetry.
/// docs/observability.md.</summary>
public sealed class TelemetryOptions
{
    public const string Section = $"{StorageOptions.Section}:Telemetry";

    /// <summary>Serves <c>/metrics</c> in the Prometheus format, without a key.</summary>
    public bool Prometheus { get; set; }

    /// <summary>Logs one line per request: method, path without the query, status and duration.</summary>
    public bool RequestLog { get; set; }
}
