using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace VideoUnderstanding.Media.Tools;

/// <summary>A running program; the only class that starts one. Both pipes are drained, standard input is closed unless the caller needs it,
/// and the program is killed with all its children if it is cancelled, exceeds a limit or is disposed.</summary>
public sealed class ToolProcess : IAsyncDisposable
{
    // Time to read the rest of the pipes after the exit. A child process left running may keep them open forever.
    private static readonly TimeSpan PipeGrace = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly ToolCommand _command;
    private readonly ToolLimits _limits;
    private readonly ErrorLines _errors;
    private readonly Task _draining;

    private ToolProcess(Process process, ToolCommand command, ToolLimits limits, Func<string, bool>? onErrorLine)
    {
        _process = process;
        _command = command;
        _limits = limits;
        _errors = new ErrorLines(limits.ErrorTailCharacters, onErrorLine);
        _draining = DrainAsync(process.StandardError, _errors);
        Output = new ToolStream(process.StandardOutput.BaseStream, limits.Time, Kill,
            () => TimedOut(limits));
    }

    public int Id => _process.Id;

    /// <summary>Standard output as it is written; the tool blocks while its output is not read.</summary>
    /// <remarks>Reading throws <see cref="ToolException"/> if the time limit is exceeded.</remarks>
    public Stream Output { get; }

    /// <summary>Standard input; closed unless the program was started with it. Closing it ends the input of the program.</summary>
    public Stream Input => _process.StandardInput.BaseStream;

    /// <summary>The last messages of the program so far.</summary>
    public string ErrorTail => _errors.Tail;

    private string Name => Path.GetFileName(_command.Tool);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="ToolException">The program could not start, ended with a code other than 0, or exceeded a limit.</exception>
    public static Task<ToolOutput> RunAsync(
        string tool, IReadOnlyList<string> arguments, ToolLimits limits, CancellationToken cancellationToken)
        => RunAsync(new ToolCommand(tool, arguments), limits, cancellationToken);

    /// <inheritdoc cref="RunAsync(string, IReadOnlyList{string}, ToolLimits, CancellationToken)"/>
    public static async Task<ToolOutput> RunAsync(ToolCommand command, ToolLimits limits, CancellationToken cancellationToken)
    {
        var startedAt = Stopwatch.GetTimestamp();
        await using var tool = Start(command, limits);
        using var clock = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        clock.CancelAfter(limits.Time);
        try
        {
            var reading = tool.CollectAsync(limits.MaxOutputBytes, clock.Token);
            // Too much output ends the run at once; a broken pipe or an early end of the output does not.
            if (await Task.WhenAny(reading, tool._process.WaitForExitAsync(clock.Token)).ConfigureAwait(false) == reading
                && reading.IsFaulted)
                await reading.ConfigureAwait(false);
            var code = await tool.WaitForExitAsync(clock.Token).ConfigureAwait(false);
            // The output has the same time limit and may have killed the tool a moment before.
            if (code != 0 && Stopwatch.GetElapsedTime(startedAt) >= limits.Time)
                throw tool.TimedOut(limits);
            if (code != 0)
                throw tool.Error($"{tool.Name} ended with code {code}", ToolFailure.Failed, code);
            return new ToolOutput(await FinishAsync(reading).ConfigureAwait(false), tool.ErrorTail);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw tool.TimedOut(limits);
        }
    }

    /// <summary>Starts a program whose output is read while it runs. Always dispose it.</summary>
    /// <param name="onErrorLine">Called for each line of standard error, in order, on another thread; true keeps the line out of the
    /// tail.</param>
    /// <param name="hasInput">True keeps <see cref="Input"/> open.</param>
    /// <exception cref="ToolException">The program could not start.</exception>
    public static ToolProcess Start(
        ToolCommand command, ToolLimits limits, Func<string, bool>? onErrorLine = null, bool hasInput = false)
    {
        if (limits.Sandbox is not null && !Executables.Has(command.Tool))
            throw NotStarted(command, null);
        Process process;
        try
        {
            process = Process.Start(StartInfo(command, limits))!;
        }
        catch (Exception exception) when (exception is Win32Exception or FileNotFoundException or DirectoryNotFoundException)
        {
            throw NotStarted(command, exception);
        }
        if (!hasInput)
            process.StandardInput.Close();
        if (limits.LowPriority)
            LowerPriority(process);
        return new ToolProcess(process, command, limits, onErrorLine);
    }

    /// <summary>Waits for the end and returns the exit code. All lines of standard error have been processed then.</summary>
    /// <exception cref="ToolException">The program exceeded its processor time, or did not end within its time limit although its output
    /// has been read.</exception>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(_limits.Time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw TimedOut(_limits);
        }
        await Task.WhenAny(_draining, Task.Delay(PipeGrace, CancellationToken.None)).ConfigureAwait(false);
        if (_limits.Sandbox is { } sandbox && ToolSandbox.ExceededCpuTime(_process.ExitCode))
            throw Error($"{Name} used more than {sandbox.CpuTime.TotalSeconds:0} s of processor time", ToolFailure.TimedOut);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Task.WhenAny(_process.WaitForExitAsync(CancellationToken.None), Task.Delay(PipeGrace, CancellationToken.None))
            .ConfigureAwait(false);
        await Task.WhenAny(_draining, Task.Delay(PipeGrace, CancellationToken.None)).ConfigureAwait(false);
        await Output.DisposeAsync().ConfigureAwait(false);
        await Input.DisposeAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(ToolCommand command, ToolLimits limits)
    {
        var words = limits.Sandbox?.Wrap(command, SandboxFeatures.OfThisMachine, limits.LowPriority)
            ?? [command.Tool, .. command.Arguments];
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
            // A folder without files that an input could name.
            WorkingDirectory = limits.Sandbox is null ? command.WorkingDirectory ?? "" : "/",
        };
        if (limits.Sandbox is null)
            return start;
        var environment = ToolSandbox.Environment(start.Environment);
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private static ToolException NotStarted(ToolCommand command, Exception? why)
        => new($"The program '{command.Tool}' could not be started; is it installed?", ToolFailure.NotStarted, inner: why);

    private void Kill()
    {
        try
        {
            if (!_process.HasExited)
                // Killing a process tree suspends the processes first. They would stay suspended if this server ended in between. A tool in
                // the sandbox has no children.
                _process.Kill(entireProcessTree: _limits.Sandbox is null);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // The process has ended meanwhile.
        }
    }

    private ToolException Error(string message, ToolFailure failure, int? exitCode = null) => new(message, failure, exitCode, ErrorTail);

    private ToolException TimedOut(ToolLimits limits)
        => Error($"{Name} did not finish in {limits.Time.TotalSeconds:0.#} s", ToolFailure.TimedOut);

    private async Task<byte[]> CollectAsync(int maxBytes, CancellationToken cancellationToken)
    {
        using var collected = new MemoryStream();
        var buffer = new byte[32 << 10];
        while (await Output.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is var count and > 0)
        {
            if (collected.Length + count > maxBytes)
                throw Error($"{Name} wrote more than {maxBytes} bytes", ToolFailure.TooMuchOutput);
            collected.Write(buffer, 0, count);
        }
        return collected.ToArray();
    }

    private static async Task<byte[]> FinishAsync(Task<byte[]> reading)
        => await Task.WhenAny(reading, Task.Delay(PipeGrace)).ConfigureAwait(false) == reading ? await reading.ConfigureAwait(false) : [];

    private static async Task DrainAsync(StreamReader error, ErrorLines lines)
    {
        var buffer = new char[4096];
        try
        {
            while (await error.ReadAsync(buffer.AsMemory()).ConfigureAwait(false) is var count and > 0)
                lines.Append(buffer.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The pipe was closed with the process.
        }
        lines.Complete();
    }

    private static void LowerPriority(Process process)
    {
        try
        {
            process.PriorityClass = ProcessPriorityClass.BelowNormal;
        }
        catch (Exception exception) when (exception is Win32Exception or InvalidOperationException or NotSupportedException)
        {
            // Optional; a container may forbid it.
        }
    }
}

/// <summary>Finds programs as a shell does.</summary>
internal static class Executables
{
    /// <summary>True if the name, searched in PATH, or the path is an executable file.</summary>
    public static bool Has(string tool)
        => tool.Contains('/')
            ? MayRun(tool)
            : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Any(folder => MayRun(Path.Combine(folder, tool)));

    private static bool MayRun(string path)
        => File.Exists(path)
            && (OperatingSystem.IsWindows()
                || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
