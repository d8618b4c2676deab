using System.Numerics.Tensors;
using Pgvector;

namespace VideoUnderstanding.Search.Classification;

/// <summary>Prompts and their unit vectors, compared with stored vectors all at once.</summary>
internal sealed class PromptVectors
{
    private readonly float[][] _vectors;
    private float[] _row = [];

    private PromptVectors(IReadOnlyList<Asked> asked, float[][] vectors) => (Asked, _vectors) = (asked, vectors);

    public IReadOnlyList<Asked> Asked { get; }

    public int Count => _vectors.Length;

    public float[] this[int place] => _vectors[place];

    /// <param name="embed">Called once with all texts, and not at all without any: then no model is needed.</param>
    public static async Task<PromptVectors> OfAsync(IEnumerable<Asked> prompts, Func<IReadOnlyList<string>, Task<float[][]>> embed)
    {
        Asked[] asked = [.. prompts];
        return new PromptVectors(asked, asked.Length == 0 ? [] : await embed([.. asked.Select(prompt => prompt.Prompt)]));
    }

    /// <summary>Cosine of every prompt with a stored vector.</summary>
    public float[] CosinesWith(HalfVector stored)
    {
        var halves = stored.Memory.Span;
        if (_row.Length != halves.Length)
            _row = new float[halves.Length];
        TensorPrimitives.ConvertToSingle(halves, _row);
        var length = TensorPrimitives.Norm<float>(_row);
        var cosines = new float[_vectors.Length];
        for (var i = 0; i < cosines.Length && length > 0; i++)
            cosines[i] = TensorPrimitives.Dot<float>(_vectors[i], _row) / length;
        return cosines;
    }
}
