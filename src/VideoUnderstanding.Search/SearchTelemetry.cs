using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace VideoUnderstanding.Search;

/// <summary>Traces and metrics of searches and classifications. docs/observability.md.</summary>
public static class SearchTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "VideoUnderstanding.Search";

    internal const string SideConnectionFailures = "vu.search.side_connections.failed";

    private static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram("vu.search.duration", "s",
        "Duration of a search or classification, without reading the request and writing the response.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly Counter<long> FailedSideConnections = Meter.CreateCounter<long>(
        SideConnectionFailures, "{connection}", "Side connections of searches that could not be opened.");

    /// <summary>Records the duration of a search. Failed searches have the tag <c>error.type</c>.</summary>
    /// <param name="kind"><c>search</c>, <c>combined</c>, <c>picture</c> or <c>classify</c>.</param>
    /// <param name="options">The search options.</param>
    public static async Task<T> MeasureAsync<T>(string kind, IEnumerable<string> options, Func<Task<T>> search)
    {
        using var activity = Source.StartActivity(kind);
        var tags = new TagList { { "kind", kind }, { "options", string.Join('+', options.Order(StringComparer.Ordinal)) } };
        var begin = Stopwatch.GetTimestamp();
        try
        {
            return await search();
        }
        catch (Exception exception)
        {
            tags.Add("error.type", exception.GetType().Name);
            activity?.SetStatus(ActivityStatusCode.Error, exception.GetType().Name);
            throw;
        }
        finally
        {
            foreach (var tag in tags)
                activity?.SetTag(tag.Key, tag.Value);
            Duration.Record(Stopwatch.GetElapsedTime(begin).TotalSeconds, tags);
        }
    }

    internal static void SideConnectionFailed() => FailedSideConnections.Add(1);
}
