using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>Tensors of floats for graphs that want them in 32 or in 16 bits.</summary>
internal static class Tensors
{
    public static OrtValue Floats(float[] values, long[] shape, TensorElementType type)
    {
        if (type != TensorElementType.Float16)
            return OrtValue.CreateTensorValueFromMemory(values, shape);
        var halves = new Float16[values.Length];
        TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<Float16, Half>(halves.AsSpan()));
        return OrtValue.CreateTensorValueFromMemory(halves, shape);
    }

    /// <summary>A tensor without numbers: some length of the shape is 0.</summary>
    public static OrtValue Empty(long[] shape, TensorElementType type) =>
        type == TensorElementType.Float16
            ? OrtValue.CreateTensorValueFromMemory(Array.Empty<Float16>(), shape)
            : OrtValue.CreateTensorValueFromMemory(Array.Empty<float>(), shape);

    /// <summary>Copies part of a tensor.</summary>
    public static void Read(OrtValue value, int start, Span<float> target)
    {
        if (value.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float16)
            TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<Float16, Half>(value.GetTensorDataAsSpan<Float16>().Slice(start, target.Length)), target);
        else
            value.GetTensorDataAsSpan<float>().Slice(start, target.Length).CopyTo(target);
    }

    /// <summary>A tensor of some rows of another one.</summary>
    public static OrtValue Rows(OrtValue value, IReadOnlyList<int> rows)
    {
        var info = value.GetTensorTypeAndShape();
        var shape = info.Shape;
        var length = (int)(info.ElementCount / shape[0]);
        var copy = new float[rows.Count * length];
        for (var i = 0; i < rows.Count; i++)
            Read(value, rows[i] * length, copy.AsSpan(i * length, length));
        return Floats(copy, [rows.Count, .. shape[1..]], info.ElementDataType);
    }
}
