namespace VideoUnderstanding.Media.Tools;

/// <summary>A program and what it is given. Arguments are a list: nothing is read by a shell, nothing is quoted.</summary>
/// <param name="Tool">Name searched in PATH, or a path.</param>
public sealed record ToolCommand(string Tool, IReadOnlyList<string> Arguments)
{
    /// <summary>Folder the tool starts in; null means the server's own.</summary>
    public string? WorkingDirectory { get; init; }
}

/// <summary>What a tool may use before it is killed with everything that it started.</summary>
public sealed record ToolLimits
{
    /// <summary>
    /// For a whole run: the time from start to end. For a stream: the time spent waiting for output, all waits together,
    /// so that a slow reader does not use up the tool's time.
    /// </summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Most bytes that a whole run may write to its standard output.</summary>
    public int MaxOutputBytes { get; init; } = 16 << 20;

    /// <summary>Characters kept from the end of what the tool writes to standard error.</summary>
    public int ErrorTailCharacters { get; init; } = 4096;

    /// <summary>True gives way to the server's other work where the system allows it.</summary>
    public bool LowPriority { get; init; }

    /// <summary>For tools that read strangers' files; null for those of the server's own.</summary>
    public ToolJail? Jail { get; init; }
}

/// <summary>What a tool wrote when it ended well.</summary>
public sealed record ToolOutput(byte[] Bytes, string ErrorTail)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);
}
