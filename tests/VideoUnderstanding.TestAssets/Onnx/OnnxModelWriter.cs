namespace VideoUnderstanding.TestAssets.Onnx;

/// <summary>Writes a graph as a model file. Field numbers: onnx.proto, ModelProto.</summary>
public static class OnnxModelWriter
{
    private const long FormatVersion = 8;
    private const long OperatorSet = 17;

    public static void Write(string path, OnnxGraph graph)
    {
        var model = new ProtobufWriter()
            .Number(1, FormatVersion)
            .Text(2, "VideoUnderstanding tests")
            .Message(7, graph.ToMessage())
            .Message(8, new ProtobufWriter().Text(1, "").Number(2, OperatorSet));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, model.Written);
    }
}
