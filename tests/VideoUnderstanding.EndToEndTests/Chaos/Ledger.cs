using System.Collections.Concurrent;

namespace VideoUnderstanding.EndToEndTests.Chaos;

/// <summary>What clients were told, and what they saw that must not be.</summary>
internal sealed class Ledger
{
    /// <summary>Identifiers of tasks whose upload was answered with 201.</summary>
    public ConcurrentBag<string> Accepted { get; } = [];

    /// <summary>Videos whose deletion was asked for; the moment at which it was confirmed, as a timestamp, or null.</summary>
    public ConcurrentDictionary<string, long?> Deletions { get; } = [];

    public ConcurrentBag<string> Violations { get; } = [];

    private int _searches;
    private int _hits;
    private int _looks;
    private int _interrupted;
    private int _refused;

    public int Searches => _searches;
    public int Hits => _hits;
    public int Looks => _looks;
    public int Interrupted => _interrupted;
    public int Refused => _refused;

    public void CountSearch(int hits)
    {
        Interlocked.Increment(ref _searches);
        Interlocked.Add(ref _hits, hits);
    }

    /// <summary>A look at the tables from beside.</summary>
    public void CountLook() => Interlocked.Increment(ref _looks);

    /// <summary>An upload that the client broke off.</summary>
    public void CountInterrupted() => Interlocked.Increment(ref _interrupted);

    /// <summary>An answer of 5xx, as it may come while the database is away.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);
}
