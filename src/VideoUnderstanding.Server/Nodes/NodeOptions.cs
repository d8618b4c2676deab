namespace VideoUnderstanding.Server.Nodes;

/// <summary>The role and name of this process in an installation with several processes. Section
/// <c>VideoUnderstanding:Server</c>.</summary>
public sealed class NodeOptions
{
    public const string Section = "VideoUnderstanding:Server";

    /// <summary>Role of this process.</summary>
    public NodeRole Role { get; set; } = NodeRole.All;

    /// <summary>Name of this process in reports, unique in the installation. Default: machine name and process id.</summary>
    public string? Node { get; set; }

    internal string Name => string.IsNullOrWhiteSpace(Node) ? $"{Environment.MachineName}:{Environment.ProcessId}" : Node.Trim();

    /// <summary>Reads the role before services exist.</summary>
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
