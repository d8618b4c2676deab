namespace VideoUnderstanding.TestAssets.Onnx;

/// <summary>A named constant of a node. Field numbers and type codes: onnx.proto, AttributeProto.</summary>
public sealed class OnnxAttribute
{
    private const int TypeField = 20;

    private OnnxAttribute(string name, int type, Action<ProtobufWriter> write)
    {
        Message.Text(1, name).Number(TypeField, type);
        write(Message);
    }

    internal ProtobufWriter Message { get; } = new();

    public static OnnxAttribute Float(string name, float value) => new(name, 1, message => message.Single(2, value));

    public static OnnxAttribute Int(string name, long value) => new(name, 2, message => message.Number(3, value));

    public static OnnxAttribute Graph(string name, OnnxGraph value) => new(name, 5, message => message.Message(6, value.ToMessage()));

    public static OnnxAttribute Ints(string name, params long[] values) => new(name, 7, message =>
    {
        foreach (var value in values)
            message.Number(8, value);
    });
}
