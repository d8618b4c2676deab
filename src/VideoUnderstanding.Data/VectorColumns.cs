using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Data;

/// <summary>The model of a vector column.</summary>
/// <param name="Id">Name in the manifest. Vectors of different models are not comparable, even with equal dimensions.</param>
/// <param name="Dimensions">Dimensions of a vector, 1 to 4000.</param>
public sealed record VectorModel(string Id, int Dimensions);

/// <summary>Ids of the models of the stored vectors; null if there are no vectors or no model was recorded.</summary>
public sealed record StoredVectorModels(string? Visual, string? Text)
{
    public bool IsEmpty => (Visual ?? Text) is null;
}

/// <summary>Sets the dimensions of the vector columns to those of the configured models, in shared and dedicated tables, and records the
/// models.</summary>
public static class VectorColumns
{
    /// <param name="Kind">Null for the table of logos, which is always shared.</param>
    private sealed record Column(SearchTable? Kind, string Content, string Remedy);

    /// <param name="Names">The dedicated tables that contain it; null for shared tables.</param>
    private sealed record VectorTable(string Table, Column Column, SearchTableNames? Names);

    /// <summary>Maximum dimensions of vectors that are stored in the row (PLAIN storage, 8 KB pages). By default PostgreSQL moves values
    /// above 2 KB (1,000 dimensions) to TOAST storage, which almost doubles the time of an exact scan: docs/search-speed.md.</summary>
    private const int MaxInlineDimensions = 2000;

    private const string UploadAgain = "delete the indexes and upload the videos again";

    private static readonly Column[] Visual =
    [
        new(SearchTable.Frames, "pictures", UploadAgain),
        new(SearchTable.Regions, "parts of pictures", UploadAgain),
        new(null, "logos", "remove the logos and add them again"),
    ];
    private static readonly Column[] Text = [new(SearchTable.Segments, "texts", UploadAgain)];

    /// <summary>Must be called after the migrations at every start.</summary>
    /// <param name="visual">Visual model; null leaves its columns unchanged.</param>
    /// <param name="text">Text model; null leaves its columns unchanged.</param>
    /// <returns>Null if all stored vectors fit; otherwise an error message for the user.</returns>
    public static async Task<string?> EnsureAsync(
        VideoDbContext db, VectorModel? visual, VectorModel? text, CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () =>
        {
            var errors = new List<string?>();
            foreach (var (columns, model) in new[] { (Visual, visual), (Text, text) })
                foreach (var vectorTable in model is null ? [] : await VectorTablesAsync(db, columns, cancellationToken))
                    errors.Add(await EnsureAsync(db, vectorTable, model!, cancellationToken));
            // Many indexes can have the same error.
            var sentences = string.Join(' ', errors.OfType<string>().Distinct());
            return sentences.Length == 0 ? null : sentences;
        }, cancellationToken);

    /// <summary>Returns the models of the stored vectors. Must be called after the migrations.</summary>
    public static async Task<StoredVectorModels> ReadModelsAsync(VideoDbContext db, CancellationToken cancellationToken)
        => new(await FirstModelAsync(db, Visual, cancellationToken), await FirstModelAsync(db, Text, cancellationToken));

    private static async Task<string?> FirstModelAsync(VideoDbContext db, Column[] columns, CancellationToken cancellationToken)
    {
        foreach (var (table, _, _) in await VectorTablesAsync(db, columns, cancellationToken))
        {
            if (await StoredLengthAsync(db, table, cancellationToken) is not null
                && await RecordedModelAsync(db, table, cancellationToken) is { } model)
                return model;
        }
        return null;
    }

    private static async Task<IReadOnlyList<VectorTable>> VectorTablesAsync(
        VideoDbContext db, Column[] columns, CancellationToken cancellationToken)
    {
        List<SearchTableNames?> all = [null, .. await SearchTableStore.DedicatedAsync(db, cancellationToken)];
        return
        [
            .. from column in columns
               from names in all
               where column.Kind is not null || names is null
               select new VectorTable(column.Kind is { } kind ? (names ?? SearchTableNames.Shared)[kind] : "logos", column, names),
        ];
    }

    private static async Task<string?> EnsureAsync(
        VideoDbContext db, VectorTable vectorTable, VectorModel wanted, CancellationToken cancellationToken)
    {
        var ((table, column, _), dimensions) = (vectorTable, wanted.Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 4000);
        var declared = await DeclaredLengthAsync(db, table, cancellationToken);
        var recorded = await RecordedModelAsync(db, table, cancellationToken);
        if (declared == dimensions && recorded == wanted.Id)
            return null;
        if (declared != dimensions)
        {
            // Rows from before the first setting have their own dimensions.
            if (await StoredLengthAsync(db, table, cancellationToken) is { } current && current != dimensions)
                return $"The database holds {column.Content} as vectors of length {current}, but the configured model makes vectors of "
                    + $"length {dimensions}. "
                    + $"Configure the model they were made with, or {column.Remedy}.";
            await SetLengthAsync(db, vectorTable, dimensions, cancellationToken);
        }
        if (recorded is not null && recorded != wanted.Id && await StoredLengthAsync(db, table, cancellationToken) is not null)
            return $"The database holds {column.Content} as vectors of the model {recorded}, but {wanted.Id} is configured, and vectors of "
                + $"two models cannot be compared. "
                + $"Configure the model they were made with, or {column.Remedy}.";
        await ExecuteAsync(db, $"COMMENT ON COLUMN {table}.embedding IS '{wanted.Id.Replace("'", "''", StringComparison.Ordinal)}'",
            cancellationToken);
        return null;
    }

    /// <summary>Recreates the HNSW indexes of the table, because they depend on the dimensions.</summary>
    private static async Task SetLengthAsync(
        VideoDbContext db, VectorTable vectorTable, int dimensions, CancellationToken cancellationToken)
    {
        var (table, column, names) = vectorTable;
        foreach (var statement in names is null ? [] : SearchTableShape.DropVectorIndexes(names, column.Kind!.Value))
            await ExecuteAsync(db, statement, cancellationToken);
        await ExecuteAsync(db, $"ALTER TABLE {table} ALTER COLUMN embedding TYPE halfvec({dimensions})", cancellationToken);
        await ExecuteAsync(db,
            $"ALTER TABLE {table} ALTER COLUMN embedding SET STORAGE {(dimensions <= MaxInlineDimensions ? "PLAIN" : "EXTERNAL")}",
            cancellationToken);
        foreach (var statement in names is null ? [] : SearchTableShape.VectorIndexes(names, column.Kind!.Value))
            await ExecuteAsync(db, statement, cancellationToken);
    }

    /// <summary>Returns the declared dimensions; -1 if not set.</summary>
    private static Task<int?> DeclaredLengthAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<int?>(db,
            $"SELECT atttypmod AS \"Value\" FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'embedding'",
            cancellationToken);

    /// <summary>Returns the dimensions of the stored vectors; null for an empty table.</summary>
    private static Task<int?> StoredLengthAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<int?>(db, $"SELECT vector_dims(embedding) AS \"Value\" FROM {table} LIMIT 1", cancellationToken);

    /// <summary>Returns the model from the column's comment; null if none was recorded.</summary>
    private static Task<string?> RecordedModelAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<string?>(db,
            $"SELECT col_description(attrelid, attnum) AS \"Value\" FROM pg_attribute WHERE attrelid = '{table}'::regclass AND "
                + $"attname = 'embedding'", cancellationToken);

    // These SQL texts contain constants and validated numbers only.
    private static async Task<T?> ScalarAsync<T>(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => await db.Database.SqlQueryRaw<T?>(sql).ToListAsync(cancellationToken) is [var first, ..] ? first : default;

    private static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.WithoutTimeoutAsync(() => db.Database.ExecuteSqlRawAsync(sql, cancellationToken));
}
