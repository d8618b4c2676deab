using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>Keys of the PostgreSQL advisory locks that serve as task leases.</summary>
public static class LeaseKeys
{
    /// <summary>Returns the first half of a SHA-256. A collision is practically impossible and would only delay a task.</summary>
    public static long Of(string taskId)
        => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"indexing task {taskId}")));

    /// <summary>Returns the keys of all leases that are held in this database.</summary>
    public static async Task<HashSet<long>> HeldAsync(VideoDbContext db, CancellationToken cancellationToken)
        => [.. await db.Database.SqlQuery<long>($"""
            SELECT (classid::bigint << 32) | objid::bigint AS "Value" FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND database = (SELECT oid FROM pg_database
                WHERE datname = current_database())
            """).ToListAsync(cancellationToken)];
}
