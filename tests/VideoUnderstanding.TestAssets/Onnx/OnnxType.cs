namespace VideoUnderstanding.TestAssets.Onnx;

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
