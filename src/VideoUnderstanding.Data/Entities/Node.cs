using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A server process of the installation.</summary>
public sealed class Node
{
    /// <summary>Value of <see cref="Device"/> of a node whose models run on a GPU.</summary>
    public const string Gpu = "gpu";

    /// <summary>Value of <see cref="Device"/> of other nodes.</summary>
    public const string Cpu = "cpu";

    /// <summary>SQL condition of a running node: its last heartbeat is less than a minute before or after the current time of
    /// the database. Heartbeats are sent every ten seconds. A later heartbeat was written before the clock of the database
    /// was set back.</summary>
    public const string IsRunning = "abs(extract(epoch FROM clock_timestamp() - heartbeat_at)) < 60";

    /// <summary>Unique name: configured, or the machine's name with the process id.</summary>
    public required string Name { get; init; }

    /// <summary><c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Version of the server.</summary>
    public required string Version { get; init; }

    /// <summary>Videos that the node indexes concurrently; 0 for none.</summary>
    public int Workers { get; init; }

    /// <summary>Device of the node's models: <c>cpu</c> or <c>gpu</c>.</summary>
    public string Device { get; init; } = Cpu;

    /// <summary>Time of the database.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Time of the database.</summary>
    public DateTimeOffset HeartbeatAt { get; init; }
}

public static class NodeQueries
{
    /// <summary>Returns the running nodes ordered by name.</summary>
    public static IQueryable<Node> Running(this DbSet<Node> nodes)
        => nodes.FromSqlRaw($"SELECT * FROM nodes WHERE {Node.IsRunning}").AsNoTracking().OrderBy(node => node.Name);
}
