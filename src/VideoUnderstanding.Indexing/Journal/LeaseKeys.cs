using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data;

namespace VideoUnderstanding.Indexing.Journal;

/// <summary>The numbers under which PostgreSQL knows the leases of tasks.</summary>
public static class LeaseKeys
{
    /// <summary>Half a SHA-256: two tasks meet on one number about never, and would then only wait for each other.</summary>
    public static long Of(string taskId)
        => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"indexing task {taskId}")));

    /// <summary>The leases that any server holds in this database now.</summary>
    public static async Task<HashSet<long>> HeldAsync(VideoDbContext db, CancellationToken cancellationToken)
        => [.. await db.Database.SqlQuery<long>($"""
            SELECT (classid::bigint << 32) | objid::bigint AS "Value" FROM pg_locks
            WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND database = (SELECT oid FROM pg_database
                WHERE datname = current_database())
            """).ToListAsync(cancellationToken)];
}
