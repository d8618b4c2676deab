using Microsoft.EntityFrameworkCore;
using VideoUnderstanding.Data.SearchTables;

namespace VideoUnderstanding.Data;

/// <summary>The model that fills a vector column.</summary>
/// <param name="Id">Its name in the manifest: vectors of two models are not comparable, whatever their lengths.</param>
/// <param name="Dimensions">Numbers of a vector, 1 to 4000.</param>
public sealed record VectorModel(string Id, int Dimensions);

/// <summary>Ids of the models that made the vectors in the database; null where it holds no vectors, or where no model was
/// recorded.</summary>
public sealed record StoredVectorModels(string? Visual, string? Text)
{
    public bool IsEmpty => (Visual ?? Text) is null;
}

/// <summary>Gives the vector columns, of the shared tables and of those of single indexes, the length of the configured models, and notes
/// whose vectors they hold.</summary>
public static class VectorColumns
{
    /// <param name="Kind">Null for the table of logos, which no index has of its own.</param>
    private sealed record Column(SearchTable? Kind, string Content, string Cure);

    /// <param name="Names">The tables it is one of, if they are those of one index.</param>
    private sealed record Place(string Table, Column Column, SearchTableNames? Names);

    /// <summary>Vectors up to this length stand in the row itself, of which a page of 8 KB then has one at least. Left to itself PostgreSQL
    /// moves a value of 2 KB, 1,000 numbers, to a place of its own, and comparing all rows takes nearly twice as long:
    /// docs/search-speed.md.</summary>
    private const int LongestInRow = 2000;

    private const string UploadAgain = "delete the indexes and upload the videos again";

    private static readonly Column[] Visual =
    [
        new(SearchTable.Frames, "pictures", UploadAgain),
        new(SearchTable.Regions, "parts of pictures", UploadAgain),
        new(null, "logos", "remove the logos and add them again"),
    ];
    private static readonly Column[] Text = [new(SearchTable.Segments, "texts", UploadAgain)];

    /// <summary>Call after the migrations, at every start.</summary>
    /// <param name="visual">Null leaves the column as it is.</param>
    /// <param name="text">The same for the text model.</param>
    /// <returns>Null when the columns fit; else a sentence that says which rows do not, fit for the user.</returns>
    public static async Task<string?> EnsureAsync(
        VideoDbContext db, VectorModel? visual, VectorModel? text, CancellationToken cancellationToken)
        => await DatabaseLock.RunAsync(db, async () =>
        {
            var complaints = new List<string?>();
            foreach (var (columns, model) in new[] { (Visual, visual), (Text, text) })
                foreach (var place in model is null ? [] : await PlacesAsync(db, columns, cancellationToken))
                    complaints.Add(await EnsureAsync(db, place, model!, cancellationToken));
            // Many indexes have the same complaint.
            var sentences = string.Join(' ', complaints.OfType<string>().Distinct());
            return sentences.Length == 0 ? null : sentences;
        }, cancellationToken);

    /// <summary>The models whose vectors the database holds. Call after the migrations.</summary>
    public static async Task<StoredVectorModels> ReadModelsAsync(VideoDbContext db, CancellationToken cancellationToken)
        => new(await FirstModelAsync(db, Visual, cancellationToken), await FirstModelAsync(db, Text, cancellationToken));

    private static async Task<string?> FirstModelAsync(VideoDbContext db, Column[] columns, CancellationToken cancellationToken)
    {
        foreach (var (table, _, _) in await PlacesAsync(db, columns, cancellationToken))
        {
            if (await StoredLengthAsync(db, table, cancellationToken) is not null
                && await NotedModelAsync(db, table, cancellationToken) is { } model)
                return model;
        }
        return null;
    }

    private static async Task<IReadOnlyList<Place>> PlacesAsync(VideoDbContext db, Column[] columns, CancellationToken cancellationToken)
    {
        List<SearchTableNames?> all = [null, .. await SearchTableStore.OwnAsync(db, cancellationToken)];
        return
        [
            .. from column in columns
               from names in all
               where column.Kind is not null || names is null
               select new Place(column.Kind is { } kind ? (names ?? SearchTableNames.Shared)[kind] : "logos", column, names),
        ];
    }

    private static async Task<string?> EnsureAsync(VideoDbContext db, Place place, VectorModel wanted, CancellationToken cancellationToken)
    {
        var ((table, column, _), dimensions) = (place, wanted.Dimensions);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, 4000);
        var declared = await DeclaredLengthAsync(db, table, cancellationToken);
        var noted = await NotedModelAsync(db, table, cancellationToken);
        if (declared == dimensions && noted == wanted.Id)
            return null;
        if (declared != dimensions)
        {
            // Rows that came before any length was set count by their own.
            if (await StoredLengthAsync(db, table, cancellationToken) is { } current && current != dimensions)
                return $"The database holds {column.Content} as vectors of length {current}, but the configured model makes vectors of "
                    + $"length {dimensions}. "
                    + $"Configure the model they were made with, or {column.Cure}.";
            await SetLengthAsync(db, place, dimensions, cancellationToken);
        }
        if (noted is not null && noted != wanted.Id && await StoredLengthAsync(db, table, cancellationToken) is not null)
            return $"The database holds {column.Content} as vectors of the model {noted}, but {wanted.Id} is configured, and vectors of "
                + $"two models cannot be compared. "
                + $"Configure the model they were made with, or {column.Cure}.";
        await ExecuteAsync(db, $"COMMENT ON COLUMN {table}.embedding IS '{wanted.Id.Replace("'", "''", StringComparison.Ordinal)}'",
            cancellationToken);
        return null;
    }

    /// <summary>A vector index is for one length, so those of the table are made again.</summary>
    private static async Task SetLengthAsync(VideoDbContext db, Place place, int dimensions, CancellationToken cancellationToken)
    {
        var (table, column, names) = place;
        foreach (var statement in names is null ? [] : SearchTableShape.DropVectorIndexes(names, column.Kind!.Value))
            await ExecuteAsync(db, statement, cancellationToken);
        await ExecuteAsync(db, $"ALTER TABLE {table} ALTER COLUMN embedding TYPE halfvec({dimensions})", cancellationToken);
        await ExecuteAsync(db,
            $"ALTER TABLE {table} ALTER COLUMN embedding SET STORAGE {(dimensions <= LongestInRow ? "PLAIN" : "EXTERNAL")}",
            cancellationToken);
        foreach (var statement in names is null ? [] : SearchTableShape.VectorIndexes(names, column.Kind!.Value))
            await ExecuteAsync(db, statement, cancellationToken);
    }

    /// <summary>-1 when no length was set.</summary>
    private static Task<int?> DeclaredLengthAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<int?>(db,
            $"SELECT atttypmod AS \"Value\" FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = 'embedding'",
            cancellationToken);

    /// <summary>Null for an empty table.</summary>
    private static Task<int?> StoredLengthAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<int?>(db, $"SELECT vector_dims(embedding) AS \"Value\" FROM {table} LIMIT 1", cancellationToken);

    /// <summary>The model whose vectors the column holds, as its comment in the database says; null when nobody has noted it.</summary>
    private static Task<string?> NotedModelAsync(VideoDbContext db, string table, CancellationToken cancellationToken)
        => ScalarAsync<string?>(db,
            $"SELECT col_description(attrelid, attnum) AS \"Value\" FROM pg_attribute WHERE attrelid = '{table}'::regclass AND "
                + $"attname = 'embedding'", cancellationToken);

    // Only the constants above and checked numbers are put into these texts.
    private static async Task<T?> ScalarAsync<T>(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => await db.Database.SqlQueryRaw<T?>(sql).ToListAsync(cancellationToken) is [var first, ..] ? first : default;

    private static Task ExecuteAsync(VideoDbContext db, string sql, CancellationToken cancellationToken)
        => db.WithoutTimeoutAsync(() => db.Database.ExecuteSqlRawAsync(sql, cancellationToken));
}
