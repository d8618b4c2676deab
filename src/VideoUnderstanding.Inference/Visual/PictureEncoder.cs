using System.Buffers;
using Microsoft.ML.OnnxRuntime;
using VideoUnderstanding.Inference.Manifest;
using VideoUnderstanding.Media;

namespace VideoUnderstanding.Inference.Visual;

/// <summary>Embeds pictures with a visual-text model: preprocess, run, postprocess.</summary>
internal sealed class PictureEncoder(OnnxSession session, PictureTransform transform, int dimensions, int batchSize) : IDisposable
{
    private readonly string _input = VectorOutput.InputOf(session, "pixel_values");
    private readonly string _output = VectorOutput.Find(session, dimensions, 2, "image_embeds", "pooler_output", "embedding");

    /// <summary>Batch size if the file fixes it; otherwise null.</summary>
    private readonly int? _fixedBatch = FixedBatch(session);

    public int BatchSize => _fixedBatch ?? batchSize;

    public string Provider => session.Provider;

    public static PictureEncoder Load(ManifestRole role, OnnxSessions sessions, int dimensions)
    {
        var settings = role.SettingsNode;
        var transform = new PictureTransform(
            PictureSettings.Read(ManifestRole.ReadJson(role.PathOf("preprocessor_config", "preprocessor_config.json")),
                settings.Find("preprocessor")));
        var session = sessions.Open(role.PathOf("vision_model", "onnx/vision_model.onnx"));
        // Small batches are enough for a CPU; a GPU is faster with more.
        var batch = (int?)settings.Find("batch_size")?.Count() ?? (session.Provider == OnnxSessions.Cuda ? 32 : 4);
        return new PictureEncoder(session, transform, dimensions, batch);
    }

    public async Task<float[][]> EncodeAsync(IReadOnlyList<Frame> frames, CancellationToken cancellationToken)
    {
        var vectors = new float[frames.Count][];
        for (var start = 0; start < frames.Count; start += BatchSize)
        {
            var count = Math.Min(BatchSize, frames.Count - start);
            (await EncodeBatchAsync(frames, start, count, cancellationToken)).CopyTo(vectors, start);
        }
        return vectors;
    }

    private async Task<float[][]> EncodeBatchAsync(IReadOnlyList<Frame> frames, int start, int count, CancellationToken cancellationToken)
    {
        var places = _fixedBatch ?? count;
        var length = places * transform.Length;
        var pixels = ArrayPool<float>.Shared.Rent(length);
        try
        {
            await Task.Run(
                () => Parallel.For(0, count, Halves(cancellationToken),
                    i => transform.Apply(frames[start + i], pixels.AsSpan(i * transform.Length, transform.Length))), cancellationToken);
            pixels.AsSpan(count * transform.Length, length - count * transform.Length).Clear();
            using var tensor = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels.AsMemory(0, length),
                [places, 3, transform.Height, transform.Width]);
            using var result = await session.RunAsync(new Dictionary<string, OrtValue> { [_input] = tensor }, [_output], cancellationToken);
            return VectorOutput.Read(result[0], session, count, dimensions);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <summary>Scaling uses at most half of the cores; the model needs the others.</summary>
    private static ParallelOptions Halves(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = Math.Max(1, Environment.ProcessorCount / 2), CancellationToken = cancellationToken };

    private static int? FixedBatch(OnnxSession session) =>
        session.Inputs[VectorOutput.InputOf(session, "pixel_values")].Dimensions is [> 0 and var batch, ..] ? batch : null;

    public void Dispose() => session.Dispose();
}
