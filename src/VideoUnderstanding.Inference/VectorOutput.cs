using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;

namespace VideoUnderstanding.Inference;

/// <summary>Finds inputs and outputs of a model by their usual names, and reads vectors from a result.</summary>
internal static class VectorOutput
{
    /// <summary>The input with the usual name, or the only one.</summary>
    public static string InputOf(OnnxSession session, string usual) =>
        session.Inputs.ContainsKey(usual) ? usual
        : session.Inputs.Count == 1 ? session.Inputs.Keys.Single()
        : throw new ManifestException($"{session.FilePath} has no input {usual}; it has {string.Join(", ", session.Inputs.Keys)}.");

    /// <summary>The first of the usual outputs that exists, otherwise the first one of the right rank.</summary>
    /// <param name="rank">2 for a vector per input, 3 for a vector per token.</param>
    /// <exception cref="ManifestException">There is none, or its vectors have another length.</exception>
    public static string Find(OnnxSession session, int dimensions, int rank, params ReadOnlySpan<string> usual)
    {
        var name = session.OutputNames.FirstOrDefault(output => session.Outputs[output].Dimensions.Length == rank);
        for (var i = usual.Length - 1; i >= 0; i--)
            name = session.Outputs.ContainsKey(usual[i]) ? usual[i] : name;
        if (name is null)
            throw new ManifestException($"{session.FilePath} has no output with vectors; it has {string.Join(", ", session.OutputNames)}.");
        if (session.Outputs[name].Dimensions[^1] is > 0 and var length && length != dimensions)
            throw WrongLength(session, dimensions, length);
        return name;
    }

    /// <summary>The first <paramref name="count"/> vectors of a result, scaled to length one.</summary>
    public static float[][] Read(OrtValue result, OnnxSession session, int count, int dimensions)
    {
        Check(result, session, dimensions);
        return UnitVectors.Split(result.GetTensorDataAsSpan<float>(), count, dimensions);
    }

    /// <exception cref="ManifestException">The vectors have another length than in the manifest.</exception>
    public static void Check(OrtValue result, OnnxSession session, int dimensions)
    {
        if (result.GetTensorTypeAndShape().Shape[^1] is var length && length != dimensions)
            throw WrongLength(session, dimensions, length);
    }

    private static ManifestException WrongLength(OnnxSession session, int expected, long actual) =>
        new($"The manifest says that the model gives vectors of {expected} numbers, but {session.FilePath} gives {actual}.");
}
