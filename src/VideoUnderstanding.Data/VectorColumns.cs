using Microsoft.EntityFrameworkCore;

namespace VideoUnderstanding.Data;

/// <summary>The model that fills a vector column.</summary>
/// <param name="Id">Its name in the manifest: vectors of two models are not comparable, whatever their lengths.</param>
/// <param name="Dimensions">Numbers of a vector, 1 to 4000.</param>
public sealed record VectorModel(string Id, int Dimensions);

/// <summary>Gives the vector columns the length of the configured models, notes whose vectors they hold, and makes their nearest-neighbour indexes.</summary>
public static class VectorColumns
{
    /// <param name="HasIndex">False where every row of an index is compared: docs/decisions/0008-logos.md.</param>
    private sealed record Column(string Table, string Content, string Cure, bool HasIndex);

    /// <summary>Vectors up to this length stand in the row itself, of which a page of 8 KB then has one at least. Left to itself PostgreSQL moves a value of 2 KB, 1,000 numbers, to a place of its own, and
    /// comparing all rows takes nearly twice as long: docs/search-speed.md.</summary>
    private const int LongestInRow = 2000;

    private const string UploadAgain = "delete the indexes and upload the videos again";

    private static readonly Column[] Visual =
    [
        new("frame_vectors", "pictures", UploadAgain, true),
        new("logo_regions", "parts of pictures", UploadAgain, false),
        new("logos", "logos", "remove the logos and add them again", false),
    ];
    private static readonly Column[] Text = [new("text_segments", "texts", UploadAgain, true)];

    /// <summary>Call after the migrations, at every start.</summary>
    /// <param name="visual">Null leaves the column as it is.</param>
    /// <param name="text">The same for the text model.</param>
    /// <returns>Null when the columns fit; else a sentence that says which rows do not, fit for the user.</returns>
    public static async Task<string?> EnsureAsync(VideoDbContext db, VectorModel? visual, VectorModel? text, CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () =>
        {
            var complaints = new List<string?>();
            foreach (var (column, model) in Visual.Select(column => (column, visual)).Concat(Text.Select(column => (column, text))))
                complaints.Add(await EnsureAsync(db, column, model, cancellationToken));
            var sentences = string.Join(' ', complaints.OfType<string>());
            return sentences.Length == 0 ? null : sentences;
        }, cancellationToken);

    private static async Task<string?> EnsureAsync(VideoDbContext db, Column column, VectorModel? wanted, CancellationToken cancellationToken)
    {
        if (wanted is not { Dimensions: var dimensions })
            return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 4000);
        var declared = await DeclaredLengthAsync(db, column, cancellationToken);
        if (declared != dimensions)
        {
            // Rows that came before any length was set count by their own.
            if (await StoredLengthAsync(db, column, cancellationToken) is { } current && current != dimensions)
                return $"The database holds {column.Content} as vectors of length {current}, but the configured model makes vectors of length {dimensions}. "
                    + $"Configure the model they were made with, or {column.Cure}.";
            await ExecuteAsync(db, $"DROP INDEX IF EXISTS ix_{column.Table}_embedding", cancellationToken);
            await ExecuteAsync(db, $"ALTER TABLE {column.Table} ALTER COLUMN embedding TYPE halfvec({dimensions})", cancellationToken);
            await ExecuteAsync(db, $"ALTER TABLE {column.Table} ALTER COLUMN embedding SET STORAGE {(dimensions <= LongestInRow ? "PLAIN" : "EXTERNAL")}", cancellationToken);
        }
        if (await StoredLengthAsync(db, column, cancellationToken) is not null && await NotedModelAsync(db, column, cancellationToken) is { } noted && noted != wanted.Id)
            return $"The database holds {column.Content} as vectors of the model {noted}, but {wanted.Id} is configured, and vectors of two models cannot be compared. "
                + $"Configure the model they were made with, or {column.Cure}.";
        await ExecuteAsync(db, $"COMMENT ON COLUMN {column.Table}.embedding IS '{wanted.Id.Replace("'", "''", StringComparison.Ordinal)}'", cancellationToken);
        if (column.HasIndex)
            await ExecuteAsync(db, $"CREATE INDEX IF NOT EXISTS ix_{column.Table}_embedding ON {column.Table} USING hnsw (embedding halfvec_cosine_ops)", cancellationToken);
        return null;
    }

    /// <summary>-1 when no length was set.</summary>
    private static Task<int?> DeclaredLengthAsync(VideoDbContext db, Column column, CancellationToken cancellationToken) => ScalarAsync<int?>(db,
        $"SELECT atttypmod AS \"Value\" FROM pg_attribute WHERE attrelid = '{column.Table}'::regclass AND attname = 'embedding'", cancellationToken);

    /// <summary>Null for an empty table.</summary>
    private static Task<int?> StoredLengthAsync(VideoDbContext db, Column column, CancellationToken cancellationToken)
        => ScalarAsync<int?>(db, $"SELECT vector_dims(embedding) AS \"Value\" FROM {column.Table} LIMIT 1", cancellationToken);

    /// <summary>The model whose vectors the column holds, as its comment in the database says; null when nobody has noted it.</summary>
    private static Task<string?> NotedModelAsync(VideoDbContext db, Column column, CancellationToken cancellationToken) => ScalarAsync<string?>(db,
        $"SELECT col_description(attrelid, attnum) AS \"Value\" FROM pg_attribute WHERE attrelid = '{column.Table}'::regclass AND attname = 'embedding'", cancellationToken);

    // Only the constants above and checked numbers are put into these texts.
    private static async Task<T?> ScalarAsync<T>(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => await db.Database.SqlQueryRaw<T?>(sql).ToListAsync(cancellationToken) is [var first, ..] ? first : default;

    private static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.WithoutTimeoutAsync(() => db.Database.ExecuteSqlRawAsync(sql, cancellationToken));
}
