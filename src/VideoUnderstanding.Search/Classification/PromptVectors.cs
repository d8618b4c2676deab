using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Prompts and their unit vectors. One call compares all of them with a stored vector. Not thread-safe.</summary>
internal sealed class PromptVectors
{
    private readonly float[][] _vectors;
    private float[] _row = [];

    private PromptVectors(IReadOnlyList<PromptSearch> searches, float[][] vectors) => (Searches, _vectors) = (searches, vectors);

    public IReadOnlyList<PromptSearch> Searches { get; }

    public int Count => _vectors.Length;

    public float[] this[int place] => _vectors[place];

    /// <param name="embed">Embeds all texts in one call. It is not called for an empty list, so that no model is needed.</param>
    public static async Task<PromptVectors> OfAsync(IEnumerable<PromptSearch> prompts, Func<IReadOnlyList<string>, Task<float[][]>> embed)
    {
        PromptSearch[] searches = [.. prompts];
        return new PromptVectors(searches, searches.Length == 0 ? [] : await embed([.. searches.Select(prompt => prompt.Prompt)]));
    }

    /// <summary>Returns the cosine of each prompt with a stored vector; 0 for a zero vector.</summary>
    public float[] CosinesWith(HalfVector stored)
    {
        var halves = stored.Memory.Span;
        if (_row.Length != halves.Length)
            _row = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, _row);
        return CosinesWith(_row, TensorPrimitives.Norm<float>(_row));
    }

    /// <summary>Returns the cosine of each prompt with a vector; 0 for a zero vector.</summary>
    /// <param name="length">Length of the vector.</param>
    public float[] CosinesWith(float[] vector, float length)
    {
        var cosines = new float[_vectors.Length];
        for (var i = 0; i < cosines.Length && length > 0; i++)
            cosines[i] = TensorPrimitives.Dot<float>(_vectors[i], vector) / length;
        return cosines;
    }
}
