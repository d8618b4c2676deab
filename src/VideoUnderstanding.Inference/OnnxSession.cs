using Microsoft.ML.OnnxRuntime;

namespace VideoUnderstanding.Inference;

/// <summary>One loaded ONNX file: weights once, any number of callers, a bounded number of runs at a time.</summary>
public sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly SemaphoreSlim _places;

    internal OnnxSession(InferenceSession session, string path, string provider, int concurrency)
    {
        (_session, FilePath, Provider, _places) = (session, path, provider, new SemaphoreSlim(concurrency, concurrency));
        OutputNames = [.. session.OutputMetadata.Keys];
    }

    public string FilePath { get; }

    /// <summary>CUDA or CPU.</summary>
    public string Provider { get; }

    /// <summary>Inputs by name, with type and shape; -1 stands for a length that may vary.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Outputs by name, with type and shape.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Names of all outputs, in the file's order.</summary>
    public IReadOnlyList<string> OutputNames { get; }

    /// <summary>Runs on another thread, after waiting for a place. The caller owns inputs and outputs and disposes both; the inputs must live until the task is done.</summary>
    /// <param name="inputs">A value for each name.</param>
    /// <param name="outputs">Names of what is wanted, in the order of the answer.</param>
    /// <exception cref="OperationCanceledException">Cancelled while waiting or while running.</exception>
    public async Task<IDisposableReadOnlyCollection<OrtValue>> RunAsync(
        IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputs, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Run(inputs, outputs, cancellationToken), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyDictionary<string, OrtValue> inputs, IReadOnlyCollection<string> outputs, CancellationToken cancellationToken)
    {
        using var run = new RunOptions();
        using var stop = cancellationToken.Register(() => run.Terminate = true);
        try
        {
            return _session.Run(run, inputs, outputs);
        }
        catch (OnnxRuntimeException) when (cancellationToken.IsCancellationRequested)
        {
            // A terminated run reports itself as a plain failure.
            throw new OperationCanceledException(cancellationToken);
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _places.Dispose();
    }
}
