using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference.Text;

/// <summary>How token vectors become the vector of a sentence.</summary>
/// <param name="Kind">mean: average over the tokens; cls: the first token; none: the model returns sentence vectors.</param>
/// <param name="Output">Name of the model's output.</param>
internal sealed record SentencePooling(string Kind, string Output, int Dimensions)
{
    public static SentencePooling For(OnnxSession session, ManifestNode settings, int dimensions)
    {
        var node = settings.Get("pooling");
        var kind = node.Text();
        return kind switch
        {
            "none" => new SentencePooling(kind, VectorOutput.Find(session, dimensions, 2, "sentence_embedding"), dimensions),
            "mean" or "cls"
                => new SentencePooling(
                    kind, VectorOutput.Find(session, dimensions, 3, "last_hidden_state", "token_embeddings"), dimensions),
            _ => throw node.Invalid("must be mean, cls or none"),
        };
    }

    /// <param name="mask">1 for every token, 0 for padding; <paramref name="length"/> numbers per sentence.</param>
    public float[][] Apply(OrtValue result, OnnxSession session, ReadOnlySpan<long> mask, int count, int length)
    {
        if (Kind == "none")
            return VectorOutput.Read(result, session, count, Dimensions);
        VectorOutput.Check(result, session, Dimensions);
        var tokens = result.GetTensorDataAsSpan<float>();
        var sentences = new float[count * Dimensions];
        for (var i = 0; i < count; i++)
        {
            var sentence = sentences.AsSpan(i * Dimensions, Dimensions);
            // The sum is enough, because only the direction is used.
            for (var t = 0; t < (Kind == "cls" ? 1 : length); t++)
            {
                if (mask[i * length + t] == 1)
                    TensorPrimitives.Add(sentence, tokens.Slice((i * length + t) * Dimensions, Dimensions), sentence);
            }
        }
        return UnitVectors.Split(sentences, count, Dimensions);
    }
}
