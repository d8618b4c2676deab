using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference;

/// <summary>Opens ONNX files on the configured device. The caller disposes the session.</summary>
public sealed partial class OnnxSessions(IOptions<ModelOptions> options, ILogger<OnnxSessions> logger)
{
    internal const string Cuda = "CUDA";
    internal const string Cpu = "CPU";

    // Messages for a damaged model file or a machine without GPU. All other failures (memory, driver, device in use) may be temporary.
    private static readonly string[] PermanentFailures =
    [
        "ErrorCode:NoSuchFile", "ErrorCode:NoModel", "ErrorCode:InvalidProtobuf", "ErrorCode:InvalidGraph", "ErrorCode:NotImplemented",
        "ErrorCode:InvalidArgument",
        "not enabled in this build", "LoadLibrary failed", "Failed to load library", "Failed to load shared library",
        "no CUDA-capable device",
    ];

    private readonly ConcurrentDictionary<string, string> _providers = new();
    private int _fallbackLogged;
    private volatile bool _hasFallenBack;

    /// <summary>Set by tests, which have no GPU.</summary>
    internal Func<ModelDevice, bool> IsGpuExpected { get; init; } = GpuDetection.IsGpuExpected;

    /// <summary>True if models run on a GPU: one is expected, and no model had to be loaded on the CPU instead.</summary>
    public bool UsesGpu() => !_hasFallenBack && IsGpuExpected(options.Value.Device);

    /// <summary>The device (CUDA or CPU) that runs the files of a folder; null if none was opened.</summary>
    public string? ProviderIn(string folder) =>
        _providers.FirstOrDefault(opened => opened.Key.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)).Value;

    /// <summary>Loads a file. Slow: reads all weights.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="concurrency">Maximum concurrent runs; further ones wait.</param>
    /// <exception cref="ModelUnavailableException">The file does not load, or the required GPU is not available, which may be
    /// temporary.</exception>
    public OnnxSession Open(string path, int concurrency = 1)
    {
        var device = options.Value.Device;
        if (device == ModelDevice.Cpu)
            return OpenOn(Cpu, path, concurrency);
        try
        {
            return OpenOn(Cuda, path, concurrency);
        }
        catch (ModelUnavailableException error) when (device == ModelDevice.Auto)
        {
            _hasFallenBack = true;
            // With a GPU, each model that runs without it until the next start gets a warning; without a GPU, one message is enough.
            if (error.IsTransient)
                LogCpuForNow(logger, path, error.Message);
            else if (Interlocked.Exchange(ref _fallbackLogged, 1) == 0)
                LogCpuInstead(logger, error.Message);
            return OpenOn(Cpu, path, concurrency);
        }
    }

    /// <summary>For networks so small that a GPU or several threads would take longer.</summary>
    /// <exception cref="ModelUnavailableException">The file does not load.</exception>
    public OnnxSession OpenSmall(string path, int concurrency) => OpenOn(Cpu, path, concurrency, threads: 1);

    private OnnxSession OpenOn(string provider, string path, int concurrency, int? threads = null)
    {
        try
        {
            using var settings = provider == Cuda ? CudaSettings() : CpuSettings(threads);
            var session = new OnnxSession(new InferenceSession(path, settings), path, provider, concurrency);
            _providers[path] = provider;
            return session;
        }
        catch (Exception error)
            when (error is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or TypeInitializationException)
        {
            throw provider == Cuda ? GpuUnavailable(path, error)
                : new ModelUnavailableException($"The model file {path} does not load: {error.Message}");
        }
    }

    private static ModelUnavailableException GpuUnavailable(string path, Exception error) => new(
        $"The GPU was not obtained for {path}: {error.Message} {ModelOptions.Section}:Device=cpu runs the models without one.",
        isTransient: error is OnnxRuntimeException && IsTransient(error.Message));

    /// <param name="message">The runtime's error message of a failed load on the GPU.</param>
    internal static bool IsTransient(string message)
        => !PermanentFailures.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private SessionOptions CudaSettings()
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["gpu_mem_limit"] = (options.Value.GpuMemoryMegabytes * 1024L * 1024L).ToString(),
            // The arena grows by the requested size instead of doubling, so that several models fit.
            ["arena_extend_strategy"] = "kSameAsRequested",
            ["cudnn_conv_algo_search"] = "HEURISTIC",
        });
        var settings = CpuSettings();
        try
        {
            settings.AppendExecutionProvider_CUDA(cuda);
            return settings;
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    private SessionOptions CpuSettings(int? threads = null)
    {
        var settings = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = threads ?? options.Value.ThreadCount(),
            InterOpNumThreads = 1,
            EnableCpuMemArena = true,
            // Shapes vary from run to run, so memory patterns would only accumulate.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Waiting threads sleep instead of spinning, because other work of the server needs the cores.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return settings;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model file {Path} runs on the CPU until the next start. {Reason}")]
    private static partial void LogCpuForNow(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on the CPU. {Reason}")]
    private static partial void LogCpuInstead(ILogger logger, string reason);
}

/// <summary>Whether this build and this machine can run models on a GPU. Loads no model.</summary>
public static class GpuDetection
{
    /// <summary>Device nodes of NVIDIA's driver; /dev/dxg is the one of the Windows Subsystem for Linux.</summary>
    private static readonly string[] DeviceNodes = ["/dev/nvidiactl", "/dev/dxg"];

    /// <summary>True if models are to run on a GPU.</summary>
    public static bool IsGpuExpected(ModelDevice device) => device switch
    {
        ModelDevice.Cpu => false,
        ModelDevice.Cuda => true,
        _ => DeviceNodes.Any(File.Exists) && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"),
    };
}
