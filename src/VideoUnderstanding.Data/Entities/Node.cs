using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data.Entities;

/// <summary>A server process of the installation.</summary>
public sealed class Node
{
    /// <summary>Time after the last heartbeat from which a node counts as stopped. Nodes send a heartbeat every ten seconds.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    /// <summary>Unique name: configured, or the machine's name with the process id.</summary>
    public required string Name { get; init; }

    /// <summary><c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Version of the server.</summary>
    public required string Version { get; init; }

    /// <summary>Videos that the node indexes concurrently; 0 for none.</summary>
    public int Workers { get; init; }

    public DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset HeartbeatAt { get; init; }
}

public static class NodeQueries
{
    /// <summary>Returns the running nodes ordered by name.</summary>
    public static IQueryable<Node> Running(this IQueryable<Node> nodes, DateTimeOffset now)
    {
        var since = now - Node.Timeout;
        return nodes.AsNoTracking().Where(node => node.HeartbeatAt > since).OrderBy(node => node.Name);
    }
}
