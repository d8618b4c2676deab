using System.Diagnostics.Metrics;
using VideoUnderstanding.Data.Entities;

namespace VideoUnderstanding.Server.Telemetry;

/// <summary>Metrics of webhooks and the task queue. docs/observability.md.</summary>
public static class ServerTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "VideoUnderstanding.Server";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Deliveries = Meter.CreateCounter<long>(
        "vu.webhook.deliveries", "{attempt}", "Attempts to deliver a webhook event, by outcome: delivered, retry or failed.");

    private static readonly Gauge<long> Tasks = Meter.CreateGauge<long>(
        "vu.tasks", "{task}", "Unfinished tasks of the installation, by state.");

    private static readonly Gauge<double> QueueAge = Meter.CreateGauge<double>(
        "vu.tasks.queue.age", "s", "Age of the oldest task that waits for indexing. 0 if none waits.");

    internal static void CountAttempt(DeliveryState state)
        => Deliveries.Add(1, new KeyValuePair<string, object?>("outcome", state switch
        {
            DeliveryState.Delivered => "delivered",
            DeliveryState.Failed => "failed",
            _ => "retry",
        }));

    internal static void CountTasks(TaskState state, long count)
        => Tasks.Record(count, new KeyValuePair<string, object?>("state", state.ToString().ToLowerInvariant()));

    internal static void RecordQueueAge(TimeSpan age) => QueueAge.Record(Math.Max(0, age.TotalSeconds));
}
