using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Caches sampled vectors of indexes, from which the background cosine of a query is computed. A sample is reloaded if the index's
/// videos changed. The cache is bounded; the least recently used sample is removed first. Thread-safe.</summary>
public sealed class IndexSamples
{
    /// <summary>Limits of the cache. A sample of 2,000 vectors with 512 dimensions takes 4 MB.</summary>
    internal const int MaxSamples = 256;
    internal const long MaxBytes = 128 << 20;

    /// <summary>Memory of a row besides its vector, in bytes.</summary>
    private const int RowBytes = 100;

    private readonly Lock _lock = new();
    private readonly Dictionary<SampleKey, CacheEntry> _samples = [];
    private long _used;
    private long _bytes;

    /// <param name="state">State of the index's videos, read before the rows.</param>
    /// <param name="load">Called if nothing is cached or the videos have changed.</param>
    internal async Task<IReadOnlyList<SampledVector>> GetAsync(SampleKey key, IndexState state, Func<Task<List<SampledVector>>> load)
    {
        lock (_lock)
        {
            if (_samples.TryGetValue(key, out var entry) && entry.State == state)
            {
                _samples[key] = entry with { Used = ++_used };
                return entry.Rows;
            }
        }
        var rows = await load();
        lock (_lock)
            Store(key, new CacheEntry(state, rows, rows.Sum(row => (long)RowBytes + row.Unit.Length * sizeof(float)), ++_used));
        return rows;
    }

    /// <summary>Returns the cosine distance of a query from each row.</summary>
    /// <param name="query">A vector of any length above zero.</param>
    internal static List<SampledDistance> Distances(IReadOnlyList<SampledVector> rows, float[] query)
    {
        var length = TensorPrimitives.Norm<float>(query);
        return [.. rows.Select(row => new SampledDistance(1 - TensorPrimitives.Dot<float>(query, row.Unit) / length, row.VideoId))];
    }

    private void Store(SampleKey key, CacheEntry entry)
    {
        Evict(key);
        if (entry.Bytes > MaxBytes)
            return;
        while (_samples.Count >= MaxSamples || _bytes + entry.Bytes > MaxBytes)
            Evict(_samples.MinBy(sample => sample.Value.Used).Key);
        _samples[key] = entry;
        _bytes += entry.Bytes;
    }

    private void Evict(SampleKey key)
    {
        if (_samples.Remove(key, out var removed))
            _bytes -= removed.Bytes;
    }

    private sealed record CacheEntry(IndexState State, IReadOnlyList<SampledVector> Rows, long Bytes, long Used);
}

/// <summary>Identifies a sample.</summary>
/// <param name="Source">Source of text segments; null for frames.</param>
/// <param name="Videos">Maximum number of videos.</param>
/// <param name="RowsEach">Maximum rows per video.</param>
/// <param name="Generation">Generation of the tables. Two can have vectors of two models, or other transcripts.</param>
internal sealed record SampleKey(string IndexId, string? Source, int Videos, int RowsEach, int Generation = 0);

/// <summary>Number of finished videos of an index, and the time at which the last one finished. Without finished videos, the time of the
/// last partial indexing.</summary>
internal readonly record struct IndexState(long Videos, DateTime? Newest);

/// <param name="Unit">Vector of length 1.</param>
internal readonly record struct SampledVector(float[] Unit, string VideoId)
{
    /// <returns>Null for a zero vector, which has no direction.</returns>
    public static SampledVector? Of(HalfVector stored, string videoId)
    {
        var unit = new float[stored.Memory.Length];
        TensorPrimitives.ConvertToSingle(stored.Memory.Span, unit);
        var length = TensorPrimitives.Norm<float>(unit);
        if (length == 0)
            return null;
        TensorPrimitives.Divide(unit, length, unit);
        return new SampledVector(unit, videoId);
    }
}

/// <summary>The cosine distance of a sampled row, 0 to 2.</summary>
internal readonly record struct SampledDistance(double Distance, string VideoId);
