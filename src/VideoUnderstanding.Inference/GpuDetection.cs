using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference;

/// <summary>Whether this build and this machine can run models on a GPU. Loads no model.</summary>
internal static class GpuDetection
{
    /// <summary>Device nodes of NVIDIA's driver; /dev/dxg is the one of the Windows Subsystem for Linux.</summary>
    private static readonly string[] DeviceNodes = ["/dev/nvidiactl", "/dev/dxg"];

    public static bool IsGpuExpected(ModelDevice device) => device switch
    {
        ModelDevice.Cpu => false,
        ModelDevice.Cuda => true,
        _ => DeviceNodes.Any(File.Exists) && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"),
    };
}
