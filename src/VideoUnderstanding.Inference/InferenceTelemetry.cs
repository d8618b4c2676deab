using System.Diagnostics.Metrics;

namespace VideoUnderstanding.Inference;

/// <summary>Metrics of model runs; see docs/observability.md.</summary>
public static class InferenceTelemetry
{
    /// <summary>Name of the meter.</summary>
    public const string Name = "VideoUnderstanding.Inference";

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Items = Meter.CreateCounter<long>(
        "vu.model.items", "{item}", "Items of the batches that a model has processed: pictures, sentences or windows of sound.");

    private static readonly Counter<double> Busy = Meter.CreateCounter<double>(
        "vu.model.busy", "s", "Time that a model has spent in its runs. Time in the queue before a run is not included.");

    /// <param name="path">The model's file. Its folder and its name identify the model.</param>
    /// <param name="device">CUDA or CPU.</param>
    /// <param name="items">Number of items in the batch.</param>
    internal static void Ran(string path, string device, long items, TimeSpan duration)
    {
        var model = new KeyValuePair<string, object?>("model",
            $"{Path.GetFileName(Path.GetDirectoryName(path))}/{Path.GetFileNameWithoutExtension(path)}");
        var where = new KeyValuePair<string, object?>("device", device);
        Items.Add(items, model, where);
        Busy.Add(duration.TotalSeconds, model, where);
    }
}
