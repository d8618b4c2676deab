using System.Collections.Concurrent;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>Results of the requests of all clients, and violations that the clients found.</summary>
internal sealed class ClientResults
{
    /// <summary>Identifiers of tasks whose upload was answered with 201.</summary>
    public ConcurrentBag<string> Accepted { get; } = [];

    /// <summary>Videos whose deletion was requested, with the timestamp of the confirmation. Null means not confirmed yet.</summary>
    public ConcurrentDictionary<string, long?> Deletions { get; } = [];

    public ConcurrentBag<string> Violations { get; } = [];

    /// <summary>Number of 5xx responses by their message.</summary>
    public ConcurrentDictionary<string, int> Refusals { get; } = [];

    private int _searches;
    private int _hits;
    private int _tableChecks;
    private int _interrupted;

    public int Searches => _searches;
    public int Hits => _hits;
    public int TableChecks => _tableChecks;
    public int Interrupted => _interrupted;
    public int Refused => Refusals.Values.Sum();

    public void CountSearch(int hits)
    {
        Interlocked.Increment(ref _searches);
        Interlocked.Add(ref _hits, hits);
    }

    /// <summary>Counts a direct check of the tables.</summary>
    public void CountTableCheck() => Interlocked.Increment(ref _tableChecks);

    /// <summary>Counts an upload that the client interrupted.</summary>
    public void CountInterrupted() => Interlocked.Increment(ref _interrupted);

    /// <summary>Counts a 5xx response, which is allowed while the database or the store is down.</summary>
    public void CountRefused(string message) => Refusals.AddOrUpdate(message, 1, (_, count) => count + 1);
}
