using System.Runtime.InteropServices;

namespace VideoUnderstanding.TestAssets.Onnx;

/// <summary>Builds a graph. Values are identified by name, and each operation returns the name of its result. Field numbers:
/// onnx.proto.</summary>
public sealed class OnnxGraph(string name)
{
    private readonly ProtobufWriter _nodes = new();
    private readonly ProtobufWriter _constants = new();
    private readonly ProtobufWriter _inputs = new();
    private readonly ProtobufWriter _outputs = new();
    private int _count;

    public string Input(string input, OnnxType type, params OnnxAxis[] shape)
    {
        _inputs.Message(11, Value(input, type, shape));
        return input;
    }

    /// <summary>Declares <paramref name="value"/> as an output of the graph with the name <paramref name="output"/>.</summary>
    public void Output(string value, string output, OnnxType type, params OnnxAxis[] shape)
    {
        Node("Identity", [value], output, []);
        _outputs.Message(12, Value(output, type, shape));
    }

    public string Op(string type, params string[] inputs) => Op(type, inputs, []);

    public string Op(string type, string[] inputs, params OnnxAttribute[] attributes)
    {
        var output = NewName();
        Node(type, inputs, output, attributes);
        return output;
    }

    /// <summary>Adds an operation with several results.</summary>
    public string[] Ops(string type, int results, string[] inputs, params OnnxAttribute[] attributes)
    {
        var outputs = Enumerable.Range(0, results).Select(_ => NewName()).ToArray();
        Node(type, inputs, outputs, attributes);
        return outputs;
    }

    public string Floats(float[] values, params long[] shape) => Constant(OnnxType.Float, shape, MemoryMarshal.AsBytes(values.AsSpan()));

    public string Float(float value) => Floats([value]);

    public string Ints(params long[] values) => Constant(OnnxType.Int64, [values.Length], MemoryMarshal.AsBytes(values.AsSpan()));

    public string Int(long value) => Constant(OnnxType.Int64, [], MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in value)));

    public string Cast(string value, OnnxType type) => Op("Cast", [value], OnnxAttribute.Int("to", (long)type));

    internal ProtobufWriter ToMessage()
    {
        var message = new ProtobufWriter();
        message.Raw(_nodes.Written).Text(2, name);
        foreach (var part in new[] { _constants, _inputs, _outputs })
            message.Raw(part.Written);
        return message;
    }

    // Names begin with the name of the graph, because an inner graph shares the namespace of the outer one.
    private string NewName() => $"{name}.{_count++}";

    private string Constant(OnnxType type, long[] shape, ReadOnlySpan<byte> data)
    {
        var constant = NewName();
        var tensor = new ProtobufWriter();
        foreach (var length in shape)
            tensor.Number(1, length);
        _constants.Message(5, tensor.Number(2, (long)type).Text(8, constant).Bytes(9, data));
        return constant;
    }

    private void Node(string type, string[] inputs, string output, OnnxAttribute[] attributes) => Node(type, inputs, [output], attributes);

    private void Node(string type, string[] inputs, string[] outputs, OnnxAttribute[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (var input in inputs)
            node.Text(1, input);
        foreach (var output in outputs)
            node.Text(2, output);
        node.Text(3, outputs[0]).Text(4, type);
        foreach (var attribute in attributes)
            node.Message(5, attribute.Message);
        _nodes.Message(1, node);
    }

    private static ProtobufWriter Value(string name, OnnxType type, OnnxAxis[] shape)
    {
        var axes = new ProtobufWriter();
        foreach (var axis in shape)
            axes.Message(1,
                axis.Name is { } symbol ? new ProtobufWriter().Text(2, symbol) : new ProtobufWriter().Number(1, axis.Length ?? 0));
        var tensor = new ProtobufWriter().Number(1, (long)type).Message(2, axes);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }
}
