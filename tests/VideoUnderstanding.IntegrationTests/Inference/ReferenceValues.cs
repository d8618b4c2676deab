using System.Text.Json;
using VideoUnderstanding.TestAssets;

namespace VideoUnderstanding.IntegrationTests.Inference;

/// <summary>Values that the reference implementations (transformers, tokenizers, PyTorch) computed. They are test assets.</summary>
internal static class ReferenceValues
{
    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static IReadOnlyList<ReferencePicture> Pictures => Read().Pictures;

    public static IReadOnlyList<ReferenceText> Texts => Read().Texts;

    public static string File(string name) => AssetsFolder.File("models/reference/" + name);

    private static Content Read() => JsonSerializer.Deserialize<Content>(System.IO.File.ReadAllText(File("reference.json")), Names)!;

    private sealed record Content(IReadOnlyList<ReferencePicture> Pictures, IReadOnlyList<ReferenceText> Texts);
}

/// <param name="Picture">Name of a PNG file.</param>
/// <param name="File">Name of the file with the scaled and cropped pixels: one byte each, in planes, before normalisation.</param>
/// <param name="First">The normalised value of the first pixel of each plane.</param>
internal sealed record ReferencePicture(string Picture, string Processor, string File, double[] Mean, double[] Std, double[] First);

/// <param name="Clip">Token ids of CLIP, at most 77, without padding.</param>
/// <param name="Minilm">Token ids of MiniLM, at most 256.</param>
/// <param name="MinilmVector">Unit vector, computed with the weights in full precision.</param>
internal sealed record ReferenceText(string Text, long[] Clip, long[] Minilm, float[] MinilmVector);
