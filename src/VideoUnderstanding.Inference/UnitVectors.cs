using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference;

/// <summary>Vectors of length one.</summary>
internal static class UnitVectors
{
    /// <summary>Cuts a model's output into vectors and scales each to length one.</summary>
    /// <param name="values">Vectors one after another, <paramref name="dimensions"/> numbers each; what is left over is ignored.</param>
    public static float[][] Split(ReadOnlySpan<float> values, int count, int dimensions)
    {
        var vectors = new float[count][];
        for (var i = 0; i < count; i++)
            Normalise(vectors[i] = values.Slice(i * dimensions, dimensions).ToArray());
        return vectors;
    }

    /// <summary>The direction between several vectors.</summary>
    public static float[] Mean(IReadOnlyList<float[]> vectors)
    {
        var sum = new float[vectors[0].Length];
        foreach (var vector in vectors)
            TensorPrimitives.Add<float>(sum, vector, sum);
        Normalise(sum);
        return sum;
    }

    public static void Normalise(Span<float> vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        // A model may answer a word it never saw with nothing. Nothing has no direction, and cosines with it are not numbers, so it gets
        // one.
        if (length > 0 && float.IsFinite(length))
            TensorPrimitives.Divide(vector, length, vector);
        else
            vector.Fill(1 / MathF.Sqrt(vector.Length));
    }
}
