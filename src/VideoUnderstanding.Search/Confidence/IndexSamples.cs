using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Confidence;

/// <summary>Vectors that stand for what is ordinary in an index. Drawn once and kept until videos come or go; bounded, the longest unused
/// goes first. Safe for many threads.</summary>
public sealed class IndexSamples
{
    /// <summary>A draw of 2,000 vectors of 512 numbers takes 2 MB.</summary>
    internal const int MostDraws = 256;
    internal const long MostBytes = 64 << 20;

    /// <summary>What a row takes beside its numbers: objects and references.</summary>
    private const int RowBytes = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<SampleKey, Kept> _draws = [];
    private long _used;
    private long _bytes;

    /// <param name="state">Of the index's videos, read before the rows are.</param>
    /// <param name="draw">Called where nothing is kept, or from videos that have changed since.</param>
    internal async Task<IReadOnlyList<SampledVector>> GetAsync(SampleKey key, IndexState state, Func<Task<List<SampledVector>>> draw)
    {
        lock (_gate)
        {
            if (_draws.TryGetValue(key, out var kept) && kept.State == state)
            {
                _draws[key] = kept with { Used = ++_used };
                return kept.Rows;
            }
        }
        var rows = await draw();
        lock (_gate)
            Keep(key, new Kept(state, rows, rows.Sum(row => (long)RowBytes + row.Vector.Memory.Length * sizeof(short)), ++_used));
        return rows;
    }

    /// <summary>How far a query is from each row, as the database measures it.</summary>
    internal static List<SampledDistance> Distances(IReadOnlyList<SampledVector> rows, float[] query)
    {
        var row = new float[query.Length];
        var length = TensorPrimitives.Norm<float>(query);
        return [.. rows.Select(sampled =>
        {
            TensorPrimitives.ConvertToSingle(sampled.Vector.Memory.Span, row);
            return new SampledDistance(1 - TensorPrimitives.Dot<float>(query, row) / (length * TensorPrimitives.Norm<float>(row)),
                sampled.VideoId);
        }).Where(sampled => double.IsFinite(sampled.Distance))];
    }

    private void Keep(SampleKey key, Kept kept)
    {
        Forget(key);
        if (kept.Bytes > MostBytes)
            return;
        while (_draws.Count >= MostDraws || _bytes + kept.Bytes > MostBytes)
            Forget(_draws.MinBy(draw => draw.Value.Used).Key);
        _draws[key] = kept;
        _bytes += kept.Bytes;
    }

    private void Forget(SampleKey key)
    {
        if (_draws.Remove(key, out var gone))
            _bytes -= gone.Bytes;
    }

    private sealed record Kept(IndexState State, IReadOnlyList<SampledVector> Rows, long Bytes, long Used);
}

/// <summary>What is drawn.</summary>
/// <param name="Source">Of segments; null for frames.</param>
/// <param name="Videos">Drawn, at most.</param>
/// <param name="RowsEach">Of each video, at most.</param>
internal sealed record SampleKey(string IndexId, string? Source, int Videos, int RowsEach);

/// <summary>How many finished videos an index has, and when the last one was finished, or without any when a part of one was indexed
/// last.</summary>
internal readonly record struct IndexState(long Videos, DateTime? Newest);

internal readonly record struct SampledVector(HalfVector Vector, string VideoId);

/// <summary>The distance of a drawn row.</summary>
internal readonly record struct SampledDistance(double Distance, string VideoId);
