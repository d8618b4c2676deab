using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace VideoUnderstanding.Benchmarks.Search;

/// <summary>Total time of each SQL statement, as reported by Npgsql: from sending it until its last row was read.</summary>
internal sealed partial class StatementTimes : IDisposable
{
    private readonly ConcurrentDictionary<string, (int Times, TimeSpan Total)> _statements = [];
    private readonly ActivityListener _listener;

    public StatementTimes()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Clear() => _statements.Clear();

    public void Write(TextWriter to)
    {
        to.WriteLine("\n| total ms | times | statement |\n| --- | --- | --- |");
        foreach (var (text, (times, total)) in _statements.OrderByDescending(statement => statement.Value.Total).Take(20))
            to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {total.TotalMilliseconds:0} | {times} | `{text}` |"));
    }

    public void Dispose() => _listener.Dispose();

    private void Add(Activity activity)
    {
        if ((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is not string statement)
            return;
        var text = Spaces().Replace(statement, " ");
        // The beginning shows the selected columns, the end shows the sort order.
        text = text.Length > 220 ? $"{text[..120]} ... {text[^95..]}" : text;
        // The name of a snapshot differs in every search.
        text = SnapshotName().Replace(text, "'...'");
        _statements.AddOrUpdate(text, (1, activity.Duration), (_, known) => (known.Times + 1, known.Total + activity.Duration));
    }

    [GeneratedRegex("(?<=TRANSACTION SNAPSHOT )'[^']*'")]
    private static partial Regex SnapshotName();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
