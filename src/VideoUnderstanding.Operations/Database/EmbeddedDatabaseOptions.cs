using System.ComponentModel.DataAnnotations;

namespace VideoUnderstanding.Operations.Database;

/// <summary>The PostgreSQL cluster that the server runs itself when no connection string is configured. Section
/// <c>VideoUnderstanding:EmbeddedDatabase</c>.</summary>
public sealed class EmbeddedDatabaseOptions
{
    public const string Section = "VideoUnderstanding:EmbeddedDatabase";

    /// <summary>Folder with <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>. Empty: the newest installed version that has
    /// pgvector.</summary>
    public string BinariesFolder { get; set; } = "";

    /// <summary>System user that PostgreSQL runs as when the server runs as root; PostgreSQL itself refuses to run as root.</summary>
    [Required]
    public string User { get; set; } = "postgres";

    /// <summary>Memory that PostgreSQL keeps pages in. Building a vector index is faster with more.</summary>
    [Range(16, 1_048_576)]
    public int SharedBuffersMegabytes { get; set; } = 256;

    /// <summary>Connections at the same time, those of the command line included.</summary>
    [Range(20, 10_000)]
    public int MaxConnections { get; set; } = 120;

    /// <summary>Seconds that a start may take; after a crash the database first repeats its log.</summary>
    [Range(5, 3600)]
    public int StartSeconds { get; set; } = 300;
}
