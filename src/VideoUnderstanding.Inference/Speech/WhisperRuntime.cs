using Whisper.net.LibraryLoader;
using Whisper.net.Logger;

namespace VideoUnderstanding.Inference.Speech;

/// <summary>The native library that runs Whisper. It is loaded once per process, so the first configured device decides.</summary>
internal static class WhisperRuntime
{
    private static readonly Lock Loading = new();

    /// <summary>Sets the order in which the native libraries are tried. Has no effect once one is loaded.</summary>
    public static void Prefer(ModelDevice device)
    {
        lock (Loading)
        {
            if (RuntimeOptions.LoadedLibrary is null)
                RuntimeOptions.RuntimeLibraryOrder = device == ModelDevice.Cpu
                    ? [RuntimeLibrary.Cpu, RuntimeLibrary.CpuNoAvx]
                    : [RuntimeLibrary.Cuda, RuntimeLibrary.Cpu, RuntimeLibrary.CpuNoAvx];
        }
    }

    /// <summary>True if the GPU is used.</summary>
    public static bool IsCuda => RuntimeOptions.LoadedLibrary is RuntimeLibrary.Cuda;

    /// <summary>The device and the native library in use, for <c>vu doctor</c> and <c>/health/ready</c>. Call it after a model was
    /// loaded.</summary>
    public static string Describe(ModelDevice requested)
    {
        var library = $"Whisper.net {RuntimeOptions.LoadedLibrary} runtime";
        return IsCuda ? $"{OnnxSessions.Cuda} ({library})"
            : FellBack(requested) ? $"{OnnxSessions.Cpu} ({library}; WARNING: the CUDA runtime of this build found no usable GPU)"
            : $"{OnnxSessions.Cpu} ({library})";
    }

    /// <summary>True if this build has the CUDA library, a GPU was allowed, and the CPU is used nevertheless.</summary>
    public static bool FellBack(ModelDevice requested) => requested != ModelDevice.Cpu && HasCudaLibrary && !IsCuda;

    /// <summary>True when this build contains the CUDA library.</summary>
    public static bool HasCudaLibrary => Directory.Exists(Path.Combine(AppContext.BaseDirectory, "runtimes", "cuda", "linux-x64"));

    /// <summary>Collects the errors that the native library logs while an action runs.</summary>
    public static T Collect<T>(Func<T> action, List<string> errors)
    {
        using var log = LogProvider.AddLogger((level, message) =>
        {
            if (level <= WhisperLogLevel.Error && !string.IsNullOrWhiteSpace(message))
                lock (errors)
                    errors.Add(message.Trim());
        });
        return action();
    }
}
