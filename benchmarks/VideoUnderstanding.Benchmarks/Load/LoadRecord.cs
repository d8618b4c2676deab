using System.Collections.Concurrent;
using System.Globalization;

namespace VideoUnderstanding.Benchmarks.Load;

/// <summary>Responses, and the resources that the server used.</summary>
internal sealed class LoadRecord
{
    private readonly ConcurrentQueue<(string Key, LoadWork Work, string Outcome, double Seconds)> _answers = new();
    private readonly List<(double Minute, double Megabytes, int Threads, int Files)> _uses = [];

    public void Add(string key, LoadWork work, string outcome, TimeSpan took) => _answers.Enqueue((key, work, outcome, took.TotalSeconds));

    public void Add(TimeSpan at, (double Megabytes, int Threads, int Files) use)
        => _uses.Add((at.TotalMinutes, use.Megabytes, use.Threads, use.Files));

    /// <summary>Number of 5xx responses and broken connections.</summary>
    public int Failures => _answers.Count(answer => answer.Outcome[0] is '5' || !char.IsAsciiDigit(answer.Outcome[0]));

    public void Write(TextWriter to, string heavy)
    {
        to.WriteLine("\n| work | answers | by status | p50 s | p90 s | p99 s | longest s |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var work in _answers.GroupBy(answer => answer.Work).OrderBy(group => group.Key))
            to.WriteLine($"| {work.Key} | {work.Count()} | {Statuses(work)} | {Times(work)} |");
        to.WriteLine("\n| key | work | answers | by status | p50 s | p90 s | p99 s | longest s |\n| --- | --- | --- | --- | --- | --- | "
            + "--- | --- |");
        foreach (var part in _answers.GroupBy(answer => (answer.Key, answer.Work)).OrderBy(group => group.Key))
            to.WriteLine($"| {part.Key.Key} | {part.Key.Work} | {part.Count()} | {Statuses(part)} | {Times(part)} |");
        to.WriteLine("\nFairness, fewest to most successes among the keys that ask alike:");
        foreach (var work in _answers.Where(answer => answer.Key != heavy && answer.Outcome[0] == '2').GroupBy(answer => answer.Work)
            .OrderBy(group => group.Key))
        {
            var shares = work.GroupBy(answer => answer.Key).Select(share => share.Count()).Order().ToList();
            to.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"- {work.Key}: {shares[0]} to {shares[^1]}, ratio {(double)shares[0] / shares[^1]:0.00}"));
        }
        to.WriteLine("\n| minute | memory MB | threads | open files |\n| --- | --- | --- | --- |");
        foreach (var use in _uses)
            to.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {use.Minute:0.0} | {use.Megabytes:0} | {use.Threads} | {use.Files} |"));
        to.WriteLine($"\n{Failures} failures (status 5xx, or no answer).");
    }

    private static string Statuses(IEnumerable<(string Key, LoadWork Work, string Outcome, double Seconds)> answers)
        => string.Join(", ",
            answers.GroupBy(answer => answer.Outcome).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Key}: {group.Count()}"));

    /// <summary>Returns the times of successful responses. Refusals by a limit are left out, because they are fast.</summary>
    private static string Times(IEnumerable<(string Key, LoadWork Work, string Outcome, double Seconds)> answers)
    {
        var sorted = answers.Where(answer => answer.Outcome[0] == '2').Select(answer => answer.Seconds).Order().ToList();
        return sorted.Count == 0 ? "- | - | - | -"
            : string.Join(" | ",
                new[]
                {
                    0.5, 0.9, 0.99, 1,
                }.Select(share => sorted[(int)((sorted.Count - 1) * share)].ToString("0.000", CultureInfo.InvariantCulture)));
    }
}
