using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference;

/// <summary>One loaded ONNX file with a limited number of concurrent runs. Thread-safe.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly SemaphoreSlim _slots;
    private readonly int _concurrency;

    internal OnnxSession(InferenceSession session, string path, string provider, int concurrency)
    {
        (_session, FilePath, Provider, _concurrency) = (session, path, provider, concurrency);
        _slots = new SemaphoreSlim(concurrency, concurrency);
        OutputNames = [.. session.OutputMetadata.Keys];
    }

    public string FilePath { get; }

    /// <summary>CUDA or CPU.</summary>
    public string Provider { get; }

    /// <summary>Inputs by name, with type and shape; -1 means a variable length.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Outputs by name, with type and shape.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Names of all outputs, in the file's order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Runs on another thread, after waiting for a free slot. The caller owns inputs and outputs and disposes both; the inputs
    /// must live until the task has ended.</summary>
    /// <param name="inputs">A value for each name.</param>
    /// <param name="outputs">Names of the requested outputs, in the order of the result.</param>
    /// <exception cref="OperationCanceledException">Cancelled while waiting or running.</exception>
    public async Task<IDisposableReadOnlyCollection<OrtValue>> RunAsync(
        IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputs, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Run(inputs, outputs, cancellationToken), cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputs, CancellationToken cancellationToken)
    {
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            var begin = Stopwatch.GetTimestamp();
            var results = _session.Run(run, inputs, outputs);
            InferenceTelemetry.Ran(FilePath, Provider, BatchSize(inputs.First().Value), Stopwatch.GetElapsedTime(begin));
            return results;
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            // A terminated run reports a general failure.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    /// <summary>The first dimension of the input is the batch in all models of the manifest.</summary>
    private static long BatchSize(OrtValue input) => input.GetTensorTypeAndShape().Shape is [var first, ..] ? first : 1;

    /// <summary>Waits for running calls: freeing the weights during a run crashes the process.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _concurrency; i++)
            _slots.Wait();
        _session.Dispose();
        _slots.Dispose();
    }
}
