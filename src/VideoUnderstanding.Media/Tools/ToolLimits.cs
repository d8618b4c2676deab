namespace VideoUnderstanding.Media.Tools;

/// <summary>A program and its arguments, which are a list: no shell, no quoting.</summary>
/// <param name="Tool">Name searched in PATH, or a path.</param>
public sealed record ToolCommand(string Tool, IReadOnlyList<string> Arguments)
{
    /// <summary>Working folder; null means the server's own.</summary>
    public string? WorkingDirectory { get; init; }
}

/// <summary>Limits at which a tool and all its children are killed.</summary>
public sealed record ToolLimits
{
    /// <summary>For a whole run: the time from start to end. For a stream: the total time spent waiting for output, so that a slow reader
    /// does not use up the tool's time.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Maximum bytes of standard output of a whole run.</summary>
    public int MaxOutputBytes { get; init; } = 16 << 20;

    /// <summary>Characters kept from the end of standard error.</summary>
    public int ErrorTailCharacters { get; init; } = 4096;

    /// <summary>True lowers the priority below the server's, if the system allows it.</summary>
    public bool LowPriority { get; init; }

    /// <summary>For tools that read untrusted files; null for the server's own tools.</summary>
    public ToolSandbox? Sandbox { get; init; }
}

/// <summary>The output of a tool that ended with code 0.</summary>
public sealed record ToolOutput(byte[] Bytes, string ErrorTail)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
