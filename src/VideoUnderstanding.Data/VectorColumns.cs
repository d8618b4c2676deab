using Microsoft.EntityFrameworkCore;
using Pgvector;
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

/// <summary>The models of a profile that make vectors; null if it has none.</summary>
public sealed record VectorModels(VectorModel? Visual, VectorModel? Text);

/// <summary>Sets the dimensions of the vector columns to those of the configured models, in shared and dedicated tables, and records the
/// models.</summary>
public static class VectorColumns
{
    /// <summary>Converts a vector to the type of the columns, whose precision is sufficient for the models.</summary>
    public static HalfVector HalfOf(float[] vector) => new(Array.ConvertAll(vector, value => (Half)value));

    private sealed record Column(SearchTable Kind, string Content);

    /// <param name="Names">The dedicated tables that contain it; null for shared tables.</param>
    private sealed record VectorTable(string Table, Column Column, SearchTableNames? Names);

    /// <summary>Maximum dimensions of vectors that are stored in the row (PLAIN storage, 8 KB pages). By default PostgreSQL moves values
    /// above 2 KB (1,000 dimensions) to TOAST storage, which almost doubles the time of an exact scan: docs/search-speed.md.</summary>
    private const int MaxInlineDimensions = 2000;

    private const string SwitchThem = "Start the server with it, and change the models of the indexes with `./vu models switch PROFILE`.";

    private static readonly Column[] Visual = [new(SearchTable.Frames, "pictures"), new(SearchTable.Regions, "parts of pictures")];
    private static readonly Column[] Text = [new(SearchTable.Segments, "texts")];

    /// <summary>Must be called after the migrations at every start. Checks the tables that use the profile of the installation, and sets
    /// their dimensions while they are empty.</summary>
    /// <param name="visual">Visual model; null leaves its columns unchanged.</param>
    /// <param name="text">Text model; null leaves its columns unchanged.</param>
    /// <returns>Null if all stored vectors fit; otherwise an error message for the user.</returns>
    public static async Task<string?> EnsureAsync(
        VideoDbContext db, VectorModel? visual, VectorModel? text, CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () =>
        {
            List<SearchTableNames?> all = [null, .. await DedicatedAsync(db, hasProfile: false, cancellationToken)];
            return await EnsureAsync(db, all, new VectorModels(visual, text), cancellationToken);
        }, cancellationToken);

    /// <summary>Checks the tables of indexes that were switched, each with the models of its own profile.</summary>
    /// <param name="modelsOf">The models of a profile.</param>
    /// <inheritdoc cref="EnsureAsync(VideoDbContext, VectorModel?, VectorModel?, CancellationToken)"/>
    public static async Task<string?> EnsureSwitchedAsync(
        VideoDbContext db, Func<string, VectorModels> modelsOf, CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () =>
        {
            foreach (var profile in (await DedicatedAsync(db, hasProfile: true, cancellationToken)).GroupBy(tables => tables.Profile!))
                if (await EnsureAsync(db, [.. profile], modelsOf(profile.Key), cancellationToken) is { } error)
                    return error;
            return null;
        }, cancellationToken);

    /// <summary>Sets the dimensions and models of the empty tables of a new generation, in the caller's transaction.</summary>
    internal static Task<string?> SetAsync(
        VideoDbContext db, SearchTableNames dedicated, VectorModels models, CancellationToken cancellationToken)
        => EnsureAsync(db, [dedicated], models, cancellationToken);

    /// <param name="tables">Null for the shared tables.</param>
    private static async Task<string?> EnsureAsync(
        VideoDbContext db, IReadOnlyList<SearchTableNames?> tables, VectorModels models, CancellationToken cancellationToken)
    {
        var errors = new List<string?>();
        foreach (var (columns, model) in new[] { (Visual, models.Visual), (Text, models.Text) })
            foreach (var vectorTable in model is null ? [] : VectorTables(tables, columns))
                errors.Add(await EnsureAsync(db, vectorTable, model!, cancellationToken));
        // Many indexes can have the same error.
        var sentences = string.Join(' ', errors.OfType<string>().Distinct());
        return sentences.Length == 0 ? null : sentences;
    }

    /// <summary>Returns the models of the stored vectors of the profile of the installation. If there are no such vectors, because all
    /// indexes were switched, returns those of the newest index. Must be called after the migrations.</summary>
    public static async Task<StoredVectorModels> ReadModelsAsync(VideoDbContext db, CancellationToken cancellationToken)
    {
        var stored = await ReadModelsAsync(db, [null, .. await DedicatedAsync(db, hasProfile: false, cancellationToken)],
            cancellationToken);
        return stored.IsEmpty
            ? await ReadModelsAsync(db, [.. await DedicatedAsync(db, hasProfile: true, cancellationToken)], cancellationToken)
            : stored;
    }

    private static async Task<StoredVectorModels> ReadModelsAsync(
        VideoDbContext db, IReadOnlyList<SearchTableNames?> tables, CancellationToken cancellationToken)
        => new(await FirstModelAsync(db, VectorTables(tables, Visual), cancellationToken),
            await FirstModelAsync(db, VectorTables(tables, Text), cancellationToken));

    private static async Task<string?> FirstModelAsync(
        VideoDbContext db, IEnumerable<VectorTable> tables, CancellationToken cancellationToken)
    {
        foreach (var (table, _, _) in tables)
        {
            if (await StoredLengthAsync(db, table, cancellationToken) is not null
                && await RecordedModelAsync(db, table, cancellationToken) is { } model)
                return model;
        }
        return null;
    }

    private static IEnumerable<VectorTable> VectorTables(IReadOnlyList<SearchTableNames?> tables, Column[] columns)
        => from column in columns
           from names in tables
           select new VectorTable((names ?? SearchTableNames.Shared)[column.Kind], column, names);

    /// <summary>Returns the dedicated tables of all generations that have a profile of their own, newest index first, or those that use the
    /// profile of the installation.</summary>
    private static async Task<IEnumerable<SearchTableNames>> DedicatedAsync(
        VideoDbContext db, bool hasProfile, CancellationToken cancellationToken)
        => (await db.SearchTableSets.AsNoTracking().OrderByDescending(set => set.IndexId).ToListAsync(cancellationToken))
            .SelectMany(set => new (string IndexId, int? Generation, string? Profile)[]
            {
                (set.IndexId, set.Generation, set.Profile), (set.IndexId, set.PreviousGeneration, set.PreviousProfile),
                (set.IndexId, set.NextGeneration, set.NextProfile),
            })
            .Where(one => one.Generation > 0 && one.Profile is not null == hasProfile)
            .Select(one => SearchTableNames.Dedicated(one.IndexId, one.Generation!.Value) with { Profile = one.Profile });

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
                    + $"Configure the profile they were made with. {SwitchThem}";
            await SetLengthAsync(db, vectorTable, dimensions, cancellationToken);
        }
        if (recorded is not null && recorded != wanted.Id && await StoredLengthAsync(db, table, cancellationToken) is not null)
            return $"The database holds {column.Content} as vectors of the model {recorded}, but {wanted.Id} is configured, and vectors of "
                + $"two models cannot be compared. "
                + $"Configure the profile they were made with. {SwitchThem}";
        await ExecuteAsync(db, $"COMMENT ON COLUMN {table}.embedding IS '{wanted.Id.Replace("'", "''", StringComparison.Ordinal)}'",
            cancellationToken);
        return null;
    }

    /// <summary>Recreates the HNSW indexes of the table if it has any, because they depend on the dimensions.</summary>
    private static async Task SetLengthAsync(
        VideoDbContext db, VectorTable vectorTable, int dimensions, CancellationToken cancellationToken)
    {
        var (table, column, names) = vectorTable;
        var isIndexed = names is not null && await ScalarAsync<bool>(db,
            $"SELECT to_regclass('{names[SearchTable.Frames]}_embedding') IS NOT NULL AS \"Value\"", cancellationToken);
        foreach (var statement in isIndexed ? SearchTableShape.DropVectorIndexes(names!, column.Kind) : [])
            await ExecuteAsync(db, statement, cancellationToken);
        await ExecuteAsync(db, $"ALTER TABLE {table} ALTER COLUMN embedding TYPE halfvec({dimensions})", cancellationToken);
        await ExecuteAsync(db,
            $"ALTER TABLE {table} ALTER COLUMN embedding SET STORAGE {(dimensions <= MaxInlineDimensions ? "PLAIN" : "EXTERNAL")}",
            cancellationToken);
        foreach (var statement in isIndexed ? SearchTableShape.VectorIndexes(names!, column.Kind) : [])
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
