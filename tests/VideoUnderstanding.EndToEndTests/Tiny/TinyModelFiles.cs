using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.TestAssets.Tiny;

namespace VideoUnderstanding.EndToEndTests.Tiny;

/// <summary>The tiny models in a separate folder, for one test class.</summary>
public sealed class TinyModelFiles : IDisposable
{
    public TinyModelFiles() => Manifest = VideoUnderstanding.TestAssets.Tiny.TinyModels.WriteTo(Folder);

    public string Folder { get; } = Directory.CreateTempSubdirectory("tiny-models-").FullName;

    public string Manifest { get; }

    public InferenceSession Open(string file) => new(Path.Combine(Folder, file));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>Helper methods to call a model with plain arrays.</summary>
internal static class Tensors
{
    public static OrtValue Of<T>(T[] values, params long[] shape) where T : unmanaged
        => OrtValue.CreateTensorValueFromMemory(values, shape);

    public static float[] Floats(this OrtValue value) => value.GetTensorDataAsSpan<float>().ToArray();

    public static IDisposableReadOnlyCollection<OrtValue> Run(
        this InferenceSession session, Dictionary<string, OrtValue> inputs, params string[] outputs)
    {
        using var options = new RunOptions();
        return session.Run(options, inputs, outputs);
    }

    public static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = 0, leftSquares = 0, rightSquares = 0;
        for (var i = 0; i < left.Length; i++)
        {
            product += left[i] * right[i];
            leftSquares += left[i] * left[i];
            rightSquares += right[i] * right[i];
        }
        return (float)(product / Math.Sqrt(leftSquares * rightSquares));
    }
}
