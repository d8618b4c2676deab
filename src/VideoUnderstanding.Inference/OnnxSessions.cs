using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference;

/// <summary>Opens ONNX files on the configured device with the configured threads. The opener disposes what it opened.</summary>
public sealed partial class OnnxSessions(IOptions<ModelOptions> options, ILogger<OnnxSessions> logger)
{
    internal const string Cuda = "CUDA";
    internal const string Cpu = "CPU";

    // What the runtime says where a model file is at fault or no GPU is at home. Everything else, memory, driver, a device in use, may be
    // over at the next try.
    private static readonly string[] Lasting =
    [
        "ErrorCode:NoSuchFile", "ErrorCode:NoModel", "ErrorCode:InvalidProtobuf", "ErrorCode:InvalidGraph", "ErrorCode:NotImplemented",
        "ErrorCode:InvalidArgument",
        "not enabled in this build", "LoadLibrary failed", "Failed to load library", "Failed to load shared library",
        "no CUDA-capable device",
    ];

    private readonly ConcurrentDictionary<string, string> _providers = new();
    private int _fallbackLogged;

    /// <summary>CUDA or CPU: where the files of a folder run; null when none was opened.</summary>
    public string? ProviderIn(string folder) =>
        _providers.FirstOrDefault(opened => opened.Key.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)).Value;

    /// <summary>Loads a file. Slow: reads all weights.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="concurrency">Runs at a time; more wait.</param>
    /// <exception cref="ModelUnavailableException">The file does not load, or the GPU was asked for and not obtained, which may
    /// pass.</exception>
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
            // Where a GPU is at home, each model that runs without it until the next start is worth a look; where none is, saying it once
            // is enough.
            if (error.MayPass)
                LogCpuForNow(logger, path, error.Message);
            else if (Interlocked.Exchange(ref _fallbackLogged, 1) == 0)
                LogCpuInstead(logger, error.Message);
            return OpenOn(Cpu, path, concurrency);
        }
    }

    /// <summary>For networks so small that the way to a GPU, or to other cores, takes longer than the work.</summary>
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
            throw provider == Cuda ? NotObtained(path, error)
                : new ModelUnavailableException($"The model file {path} does not load: {error.Message}");
        }
    }

    private static ModelUnavailableException NotObtained(string path, Exception error) => new(
        $"The GPU was not obtained for {path}: {error.Message} {ModelOptions.Section}:Device=cpu runs the models without one.",
        mayPass: error is OnnxRuntimeException && MayPass(error.Message));

    /// <param name="message">What the runtime said when it could not load a model on the GPU.</param>
    internal static bool MayPass(string message) => !Lasting.Any(sign => message.Contains(sign, StringComparison.OrdinalIgnoreCase));

    private SessionOptions CudaSettings()
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string>
        {
            ["device_id"] = "0",
            ["gpu_mem_limit"] = (options.Value.GpuMemoryMegabytes * 1024L * 1024L).ToString(),
            // The arena grows by what is asked for, not by doubling, so that several models fit beside each other.
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
            // Shapes vary from run to run (batches, key/value caches): remembered patterns would only pile up.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        // Waiting threads sleep: a server has other work for the cores between two runs.
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        return settings;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model file {Path} runs on the CPU until the next start. {Reason}")]
    private static partial void LogCpuForNow(ILogger logger, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Models run on the CPU. {Reason}")]
    private static partial void LogCpuInstead(ILogger logger, string reason);
}
