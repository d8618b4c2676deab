namespace VideoUnderstanding.Server.Nodes;

/// <summary>What this process is in an installation of several. Section <c>VideoUnderstanding:Server</c>.</summary>
public sealed class NodeOptions
{
    public const string Section = "VideoUnderstanding:Server";

    /// <summary>What this process does.</summary>
    public NodeRole Role { get; set; } = NodeRole.All;

    /// <summary>The name of this process in reports, unique in the installation. Without one: the machine's name and the process's
    /// number.</summary>
    public string? Node { get; set; }

    internal string Name => string.IsNullOrWhiteSpace(Node) ? $"{Environment.MachineName}:{Environment.ProcessId}" : Node.Trim();

    /// <summary>For code that runs before there are services.</summary>
    internal static NodeRole RoleIn(IConfiguration configuration)
        => (configuration.GetSection(Section).Get<NodeOptions>() ?? new NodeOptions()).Role;
}

public enum NodeRole
{
    /// <summary>Serves clients and indexes videos.</summary>
    All,

    /// <summary>Serves clients and indexes no videos.</summary>
    Api,

    /// <summary>Indexes videos and serves only health and metrics.</summary>
    Worker,
}
