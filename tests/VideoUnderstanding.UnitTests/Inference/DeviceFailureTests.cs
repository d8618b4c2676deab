using VideoUnderstanding.Inference;

namespace VideoUnderstanding.UnitTests.Inference;

/// <summary>ONNX Runtime's messages for a failed load on a GPU, and whether a retry may help.</summary>
public sealed class DeviceFailureTests
{
    [Theory]
    [InlineData("[ErrorCode:RuntimeException] Exception during initialization: CUDA failure 2: out of memory ; GPU=0")]
    [InlineData("[ErrorCode:Fail] CUDA failure 46: CUDA-capable device(s) is/are busy or unavailable")]
    [InlineData("[ErrorCode:RuntimeException] CUDNN failure 4: CUDNN_STATUS_INTERNAL_ERROR")]
    public void Device_failures_may_be_temporary(string message) => Assert.True(OnnxSessions.IsTransient(message));

    [Theory]
    [InlineData("[ErrorCode:InvalidProtobuf] Load model from a.onnx failed:Protobuf parsing failed.")]
    [InlineData("[ErrorCode:NoSuchFile] Load model from a.onnx failed. File doesn't exist")]
    [InlineData("[ErrorCode:Fail] CUDA execution provider is not enabled in this build.")]
    [InlineData("[ErrorCode:RuntimeException] CUDA failure 100: no CUDA-capable device is detected")]
    public void Damaged_files_and_missing_GPUs_are_permanent_failures(string message) => Assert.False(OnnxSessions.IsTransient(message));
}
