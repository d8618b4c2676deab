using VideoUnderstanding.Data;

namespace VideoUnderstanding.Server.Telemetry;

/// <summary>What the server publishes about its own work. The address of an OTLP collector follows the standard variables of
/// OpenTelemetry. docs/observability.md.</summary>
public sealed class TelemetryOptions
{
    public const string Section = $"{StorageOptions.Section}:Telemetry";

    /// <summary>Serves <c>/metrics</c> in the format of Prometheus, without a key.</summary>
    public bool Prometheus { get; set; }

    /// <summary>Logs one line for each request: method, path without the query, status and duration.</summary>
    public bool RequestLog { get; set; }
}
