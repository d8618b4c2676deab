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

/// <summary>Element types, numbered as in onnx.proto, TensorProto.DataType.</summary>
public enum OnnxType
{
    Float = 1,
    Int64 = 7,
    Bool = 9,
}

/// <summary>One axis of a shape: a length, or the name of a length that is known only at run time.</summary>
public readonly record struct OnnxAxis(long? Length, string? Name)
{
    public static implicit operator OnnxAxis(long length) => new(length, null);

    public static implicit operator OnnxAxis(string name) => new(null, name);
}

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
