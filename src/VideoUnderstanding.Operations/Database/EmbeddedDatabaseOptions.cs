using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The PostgreSQL cluster that the server runs if no connection string is configured. Section
/// <c>VideoUnderstanding:EmbeddedDatabase</c>.</summary>
public sealed class EmbeddedDatabaseOptions
{
    public const string Section = "VideoUnderstanding:EmbeddedDatabase";

    /// <summary>Folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>. Empty: the newest installed version with pgvector.</summary>
    public string BinariesFolder { get; set; } = "";

    /// <summary>System user of PostgreSQL if the server runs as root, because PostgreSQL refuses to run as root.</summary>
    [Required]
    public string User { get; set; } = "postgres";

    /// <summary>Size of PostgreSQL's shared buffers in megabytes; up to 1,024 of it are also used to build vector indexes. 0: an eighth of
    /// the memory, 128 to 4,096. A page outside the buffers is copied from the system's cache, which takes most of the time of a search in
    /// a large HNSW index.</summary>
    [Range(0, 1_048_576)]
    public int SharedBuffersMegabytes { get; set; }

    /// <summary>Maximum connections, including those of the command line.</summary>
    [Range(20, 10_000)]
    public int MaxConnections { get; set; } = 120;

    /// <summary>Timeout of a start in seconds; after a crash the database first replays its log.</summary>
    [Range(5, 3600)]
    public int StartSeconds { get; set; } = 300;

    /// <param name="memory">Memory of the machine or container, in bytes.</param>
    internal int SharedBuffersOf(long memory)
        => SharedBuffersMegabytes > 0 ? SharedBuffersMegabytes : (int)Math.Clamp(memory / 8 / (1 << 20), 128, 4_096);
}
