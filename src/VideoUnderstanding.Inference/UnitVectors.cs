using System.Numerics.Tensors;

namespace VideoUnderstanding.Inference;

/// <summary>Vectors of length one.</summary>
internal static class UnitVectors
{
    /// <summary>Splits a model's output into vectors and scales each to length one.</summary>
    /// <param name="values">Vectors one after another, <paramref name="dimensions"/> numbers each; further values are ignored.</param>
    public static float[][] Split(ReadOnlySpan<float> values, int count, int dimensions)
    {
        var vectors = new float[count][];
        for (var i = 0; i < count; i++)
            Normalise(vectors[i] = values.Slice(i * dimensions, dimensions).ToArray());
        return vectors;
    }

    /// <summary>The normalised mean of several vectors.</summary>
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
        // A model may return a zero vector for an unknown word. Cosines with it are undefined, so it gets an arbitrary direction.
        if (length > 0 && float.IsFinite(length))
            TensorPrimitives.Divide(vector, length, vector);
        else
            vector.Fill(1 / MathF.Sqrt(vector.Length));
    }
}
